import { useQuery } from '@tanstack/react-query'
import { Tabs } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Form } from '@/api/types'
import { ChangeLog } from '@/components/ChangeLog'
import { Sheet } from '@/components/Sheet'
import { CardSkeletons, ErrorState } from '@/components/states'
import { useIsPhone } from '@/lib/media'
import { formQuery } from './api'
import { FormCode } from './FormCode'
import { FormSecrets } from './FormSecrets'
import { FormSettings } from './FormSettings'
import { MappingTab } from './MappingTab'

interface Props {
  /** Null: a new form. */
  formId: string | null
  open: boolean
  onClose: () => void
}

const TABLES = ['form', 'form_secret'] as const

/** A new form stays open once it is made: it needs a secret and a mapping next. */
export function FormSheet({ formId, open, onClose }: Props) {
  const { t } = useTranslation()
  const [id, setId] = useState(formId)
  return (
    <Sheet
      open={open}
      onClose={onClose}
      title={id ? t('forms.edit') : t('forms.add')}
      phoneHeight="full"
      width={920}
      keepsOnOutsideTap
    >
      {id ? <Loaded id={id} isNew={formId === null} /> : <FormSettings form={null} onMade={(form) => setId(form.id)} />}
    </Sheet>
  )
}

function Loaded({ id, isNew }: { id: string; isNew: boolean }) {
  const form = useQuery({ ...formQuery(id), refetchOnWindowFocus: false })
  if (form.isPending) return <CardSkeletons count={3} />
  if (form.isError) return <ErrorState error={form.error} onRetry={() => void form.refetch()} />
  return <FormTabs form={form.data.value} isNew={isNew} />
}

function FormTabs({ form, isNew }: { form: Form; isNew: boolean }) {
  const { t } = useTranslation()
  // Raised by one's own saves only: what somebody else saved meanwhile must not be overwritten unseen.
  const [version, setVersion] = useState(form.version)
  const based = { version, onVersion: setVersion }
  const items = [
    { key: 'settings', label: t('forms.tabSettings'), children: <FormSettings form={form} {...based} /> },
    { key: 'mapping', label: t('forms.tabMapping'), children: <MappingTab form={form} {...based} /> },
    { key: 'secrets', label: t('forms.tabSecrets'), children: <FormSecrets form={form} /> },
    { key: 'code', label: t('forms.tabCode'), children: <FormCode form={form} /> },
    { key: 'changes', label: t('changes.title'), children: <ChangeLog tables={TABLES} id={form.id} /> },
  ]
  const isPhone = useIsPhone()
  // Five tabs have to fit on the phone.
  return <Tabs tabBarGutter={isPhone ? 14 : 32} defaultActiveKey={isNew ? 'mapping' : 'settings'} items={items} />
}
