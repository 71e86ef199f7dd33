import { LockOutlined } from '@ant-design/icons'
import { Form, Input, Select } from 'antd'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { ContactRole } from '@/api/types'
import styles from './CustomerForm.module.css'
import { FREE } from './customerForm'

export const ROLES: ContactRole[] = ['decider', 'influencer', 'user', 'purchaser', 'technical', 'finance', 'gatekeeper']

type Field = 'name' | 'title' | 'role' | 'phone' | 'email' | 'wechat' | 'notes'

interface Props {
  /** Where the fields stand in a larger form. */
  within?: string
  isEdit: boolean
  needsName?: boolean
}

export function ContactFormFields({ within, isEdit, needsName = false }: Props) {
  const { t } = useTranslation()
  const name = (field: Field): string | string[] => (within ? [within, field] : field)
  const label = (field: Field): ReactNode => (
    <>
      {t(`contact.fields.${field}`)}
      {isEdit && !FREE.has(field) && (
        <>
          {' '}
          <LockOutlined aria-hidden className={styles.lock} />
        </>
      )}
    </>
  )
  const required = { required: true, whitespace: true, message: t('people.required') }
  return (
    <>
      <div className={styles.pair}>
        <Form.Item name={name('name')} label={label('name')} rules={needsName ? [required] : []}>
          <Input maxLength={100} autoComplete="off" />
        </Form.Item>
        <Form.Item name={name('role')} label={label('role')}>
          <Select options={ROLES.map((value) => ({ value, label: t(`contact.roles.${value}`) }))} />
        </Form.Item>
      </div>
      <div className={styles.pair}>
        <Form.Item name={name('title')} label={label('title')}>
          <Input maxLength={100} autoComplete="off" />
        </Form.Item>
        <Form.Item name={name('phone')} label={label('phone')}>
          <Input type="tel" inputMode="tel" maxLength={40} autoComplete="off" />
        </Form.Item>
      </div>
      <div className={styles.pair}>
        <Form.Item name={name('email')} label={label('email')}>
          <Input type="email" inputMode="email" maxLength={200} autoComplete="off" />
        </Form.Item>
        <Form.Item name={name('wechat')} label={label('wechat')}>
          <Input maxLength={100} autoComplete="off" />
        </Form.Item>
      </div>
      <Form.Item name={name('notes')} label={label('notes')}>
        <Input.TextArea autoSize={{ minRows: 1, maxRows: 5 }} maxLength={2000} />
      </Form.Item>
    </>
  )
}
