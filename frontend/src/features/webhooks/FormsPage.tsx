import { EditOutlined, FormOutlined, PlusOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Form } from '@/api/types'
import { sourceWords } from '@/components/lead/leadWords'
import { Page } from '@/components/Page'
import { RequirePermission } from '@/components/RequirePermission'
import { CardSkeletons, EmptyState, ErrorState } from '@/components/states'
import { useIsPhone } from '@/lib/media'
import { may, useMe } from '@/lib/session'
import { formsQuery } from './api'
import { FormSheet } from './FormSheet'
import styles from './webhooks.module.css'

export function FormsPage() {
  const { t } = useTranslation()
  return (
    <RequirePermission permission="forms.read" title={t('forms.title')}>
      <Forms />
    </RequirePermission>
  )
}

function Forms() {
  const { t } = useTranslation()
  const isPhone = useIsPhone()
  const canChange = may(useMe(), 'forms.manage')
  const forms = useQuery(formsQuery)
  const items = forms.data?.items ?? []
  const [opened, setOpened] = useState<{ id: string | null; serial: number }>({ id: null, serial: 0 })
  const [isOpen, setIsOpen] = useState(false)
  const open = (id: string | null): void => {
    setOpened(({ serial }) => ({ id, serial: serial + 1 }))
    setIsOpen(true)
  }
  return (
    <Page
      title={t('forms.title')}
      subtitle={isPhone ? undefined : t('forms.subtitle')}
      width="reading"
      {...(isPhone ? { backTo: '/me' } : {})}
      actions={
        canChange && (
          <Button
            type="primary"
            icon={<PlusOutlined aria-hidden />}
            aria-label={t('forms.add')}
            onClick={() => open(null)}
          >
            {isPhone ? null : t('forms.add')}
          </Button>
        )
      }
    >
      {forms.isPending && <CardSkeletons count={3} />}
      {forms.isError && <ErrorState error={forms.error} onRetry={() => void forms.refetch()} />}
      {forms.data && items.length === 0 && (
        <EmptyState icon={<FormOutlined aria-hidden />} title={t('forms.emptyTitle')} text={t('forms.emptyText')} />
      )}
      <ul className={styles.list}>
        {items.map((form) => (
          <FormRow key={form.id} form={form} {...(canChange ? { onEdit: () => open(form.id) } : {})} />
        ))}
      </ul>
      {opened.serial > 0 && (
        <FormSheet key={opened.serial} formId={opened.id} open={isOpen} onClose={() => setIsOpen(false)} />
      )}
    </Page>
  )
}

function FormRow({ form, onEdit }: { form: Form; onEdit?: () => void }) {
  const { t } = useTranslation()
  return (
    <li className={`${styles.card} ${styles.form}`}>
      <div style={{ minWidth: 0 }}>
        <h2 className={styles.head}>
          <span className={styles.name}>{form.name}</span>
          <span className={`${styles.status} ${form.is_active ? styles.live : ''}`}>
            {form.is_active ? t('forms.active') : t('forms.inactive')}
          </span>
        </h2>
        <p className={styles.soft} style={{ overflowWrap: 'anywhere' }}>
          {sourceWords(t, form.source)} · <code>{form.path}</code>
        </p>
      </div>
      {onEdit && (
        <Button icon={<EditOutlined aria-hidden />} aria-label={`${t('common.edit')} ${form.name}`} onClick={onEdit} />
      )}
    </li>
  )
}
