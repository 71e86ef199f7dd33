import { useBlocker } from '@tanstack/react-router'
import { App, Button, Modal, Tabs } from 'antd'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Pipeline, PipelineVersion } from '@/api/types'
import { useDocumentName } from '@/components/document/useDocumentName'
import { StaleNotice } from '@/components/StaleNotice'
import { asLanguage } from '@/i18n/i18n'
import { countOf, differences } from './differences'
import { carrying, isSame, type PipelineDocument, toDocument } from './document'
import { type Faults, FaultsProvider, firstFaulty, NO_FAULTS } from './faults'
import { PublishSheet } from './PublishSheet'
import styles from './pipelines.module.css'
import { StageList } from './StageList'
import { VersionsPanel } from './VersionsPanel'

/** One pipeline as a draft over what is live: edited, tried, saved with a note, compared and taken back. */
export function PipelineEditor({ pipeline }: { pipeline: Pipeline }) {
  const { t, i18n } = useTranslation()
  const { message, modal } = App.useApp()
  const language = asLanguage(i18n.language)
  const [saved, setSaved] = useState(pipeline)
  const [draft, setDraft] = useState(() => toDocument(pipeline))
  const [note, setNote] = useState('')
  const [faults, setFaults] = useState<Faults>(NO_FAULTS)
  const [theirs, setTheirs] = useState<Pipeline | null>(null)
  const [expanded, setExpanded] = useState<string | null>(null)
  const [tab, setTab] = useState('edit')
  const [publishing, setPublishing] = useState({ isOpen: false, serial: 0 })
  const live = useMemo(() => toDocument(saved), [saved])
  const isChanged = !isSame(draft, live)
  const documentName = useDocumentName()
  const found = useMemo(
    () => differences({ t, language, documentName }, live, draft),
    [t, language, documentName, live, draft],
  )
  const edit = (next: PipelineDocument): void => {
    setDraft(next)
    setFaults(NO_FAULTS)
  }
  const start = (next: Pipeline, document: PipelineDocument): void => {
    setSaved(next)
    setTheirs(null)
    setNote('')
    edit(document)
  }
  const refuse = (refused: Faults): void => {
    setPublishing((before) => ({ ...before, isOpen: false }))
    setFaults(refused)
    const place = firstFaulty(refused)
    setExpanded(draft.stages[place]?.key ?? null)
    void message.error(refused.stages ?? t('pipeline.faults'))
  }
  const take = ({ number }: PipelineVersion, document: PipelineDocument): void => {
    const put = (): void => {
      edit(carrying(document, live))
      setNote(t('pipeline.versions.takenNote', { number }))
      setTab('edit')
      void message.success(t('pipeline.versions.taken', { number }))
    }
    if (isChanged) void modal.confirm({ title: t('pipeline.versions.overwriteAsk', { number }), onOk: put })
    else put()
  }
  const discard = (): void =>
    void modal.confirm({
      title: t('pipeline.discardAsk'),
      okText: t('pipeline.discard'),
      okButtonProps: { danger: true },
      onOk: () => {
        setNote('')
        edit(live)
      },
    })
  return (
    <FaultsProvider value={faults}>
      <LeaveGuard isChanged={isChanged} />
      {theirs && (
        <StaleNotice
          onTakeTheirs={() => start(theirs, toDocument(theirs))}
          onKeepMine={() => {
            setSaved(theirs)
            setTheirs(null)
            edit(carrying(draft, toDocument(theirs)))
            setPublishing(({ serial }) => ({ isOpen: true, serial: serial + 1 }))
          }}
        />
      )}
      <Tabs
        activeKey={tab}
        onChange={setTab}
        items={[
          {
            key: 'edit',
            label: t('pipeline.tabEdit'),
            children: (
              <>
                <StageList draft={draft} live={live} expanded={expanded} onExpand={setExpanded} onChange={edit} />
                <div className={styles.foot}>
                  <span className={styles.soft} role="status">
                    {isChanged ? t('pipeline.unsaved', { count: countOf(found) }) : t('pipeline.unchanged')}
                  </span>
                  <span className={styles.buttons}>
                    {isChanged && <Button onClick={discard}>{t('pipeline.discard')}</Button>}
                    <Button
                      type="primary"
                      disabled={!isChanged || theirs !== null}
                      onClick={() => setPublishing(({ serial }) => ({ isOpen: true, serial: serial + 1 }))}
                    >
                      {t('pipeline.publish')}
                    </Button>
                  </span>
                </div>
              </>
            ),
          },
          {
            key: 'versions',
            label: t('pipeline.tabVersions'),
            children: <VersionsPanel pipeline={saved} onTake={take} />,
          },
        ]}
      />
      {publishing.serial > 0 && (
        <PublishSheet
          key={publishing.serial}
          pipeline={saved}
          draft={draft}
          found={found}
          note={note}
          onNote={setNote}
          open={publishing.isOpen}
          onClose={() => setPublishing((before) => ({ ...before, isOpen: false }))}
          onSaved={(next) => {
            setPublishing((before) => ({ ...before, isOpen: false }))
            start(next, toDocument(next))
          }}
          onFaults={refuse}
          onStale={(current) => {
            setPublishing((before) => ({ ...before, isOpen: false }))
            setTheirs(current)
          }}
        />
      )}
    </FaultsProvider>
  )
}

/** Nobody loses a draft by a tap on something else. */
function LeaveGuard({ isChanged }: { isChanged: boolean }) {
  const { t } = useTranslation()
  const { status, proceed, reset } = useBlocker({
    shouldBlockFn: () => isChanged,
    enableBeforeUnload: () => isChanged,
    withResolver: true,
  })
  return (
    <Modal
      open={status === 'blocked'}
      title={t('pipeline.leaveTitle')}
      okText={t('pipeline.leave')}
      okButtonProps={{ danger: true }}
      cancelText={t('pipeline.stay')}
      onOk={() => proceed?.()}
      onCancel={() => reset?.()}
    >
      {t('pipeline.leaveText')}
    </Modal>
  )
}
