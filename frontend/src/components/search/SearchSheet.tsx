import { useNavigate } from '@tanstack/react-router'
import { type InputRef, Modal } from 'antd'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useIsPhone } from '@/lib/media'
import { scopesOf, useMe } from '@/lib/session'
import { noteUse } from '@/lib/usage'
import type { SearchHit } from './hits'
import { RecordSearch } from './RecordSearch'
import styles from './SearchSheet.module.css'
import { useRecordHits } from './useRecordHits'

const LIST_OF = { lead: '/leads', customer: '/customers', opportunity: '/board' } as const

interface Props {
  open: boolean
  onClose: () => void
}

/** The search over everything, which leads to what was found. */
export function SearchSheet({ open, onClose }: Props) {
  const { t } = useTranslation()
  const isPhone = useIsPhone()
  const scopes = scopesOf(useMe())
  const navigate = useNavigate()
  const box = useRef<InputRef>(null)
  const [typed, setTyped] = useState('')
  // What is typed right after the key that opened it belongs in here, before any animation has ended.
  useEffect(() => box.current?.focus(), [])
  const { hits } = useRecordHits(typed, open)
  const kinds = (['customer', 'opportunity', 'lead'] as const).filter((kind) => hits.some((hit) => hit.kind === kind))
  const go = (hit: SearchHit): void => {
    noteUse('search.open')
    onClose()
    if (hit.kind === 'lead') void navigate({ to: '/leads/$leadId', params: { leadId: hit.id } })
    else if (hit.kind === 'opportunity')
      void navigate({ to: '/opportunities/$opportunityId', params: { opportunityId: hit.id } })
    else void navigate({ to: '/customers/$customerId', params: { customerId: hit.id } })
  }
  const showAll = (kind: SearchHit['kind']): void => {
    onClose()
    const scope = scopes.includes('company') ? 'company' : scopes.includes('region') ? 'region' : 'own'
    void navigate({ to: LIST_OF[kind], search: { scope, q: typed.trim() } })
  }
  return (
    <Modal
      open={open}
      onCancel={onClose}
      afterOpenChange={(isOpen) => isOpen && box.current?.focus()}
      title={t('search.title')}
      footer={null}
      width={isPhone ? '100%' : 620}
      style={{ top: isPhone ? 0 : 80 }}
      {...(isPhone ? { wrapClassName: styles.phone } : {})}
      destroyOnHidden
    >
      <RecordSearch ref={box} label={t('search.title')} typed={typed} onType={setTyped} isOn={open} onChoose={go} />
      {kinds.map((kind) => (
        <button key={kind} type="button" className={styles.all} onClick={() => showAll(kind)}>
          {t(`search.all.${kind}`)}
        </button>
      ))}
    </Modal>
  )
}
