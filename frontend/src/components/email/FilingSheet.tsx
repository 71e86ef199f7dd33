import { useMutation, useQueryClient } from '@tanstack/react-query'
import { App, Button, Checkbox, Form, Input, Select } from 'antd'
import { useEffect, useEffectEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { addContact } from '@/api/customers'
import { emailsChanged, fileEmail } from '@/api/emails'
import type { ContactRole, Customer, EmailCard } from '@/api/types'
import { ROLES } from '@/components/customer/ContactFormFields'
import { contactName } from '@/components/customer/changeWords'
import { Sheet } from '@/components/Sheet'
import type { SearchHit } from '@/components/search/hits'
import { RecordSearch } from '@/components/search/RecordSearch'
import type { Opening } from '@/components/sheetHost'
import { sayProblem } from '@/lib/formProblem'
import { newKey } from '@/lib/keys'
import styles from './Email.module.css'
import { isOfFirm, personWords, wholePerson } from './emailWords'
import { useCustomerOf } from './useMailContacts'
import { useSaidWithUndo } from './useRestoring'

interface Person {
  isAdded: boolean
  name: string
  role: ContactRole
}

/** With which record a letter is kept; who wrote it can become a contact of that customer in the same step. */
export function FilingSheet({ email, open, onClose }: { email: EmailCard } & Opening) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const client = useQueryClient()
  const [typed, setTyped] = useState((email.reason === 'stranger_in_thread' && email.detail) || '') // the record that it speaks of
  const [hit, setHit] = useState<SearchHit | null>(null)
  const [form] = Form.useForm<Person>()
  const [key] = useState(newKey)
  const say = useSaidWithUndo()
  const customer = useCustomerOf(hit && { type: hit.kind, id: hit.id })
  const stranger = strangerTo(email, customer)
  const file = useMutation({
    mutationFn: async (chosen: SearchHit) => {
      await fileEmail(email.id, { type: chosen.kind, id: chosen.id })
      const person = form.getFieldsValue(true) as Person
      if (!customer || !stranger || !person.isAdded) return
      const known = { name: person.name.trim(), role: person.role, email: stranger.address }
      await addContact(customer.id, known, key).catch((error: unknown) => sayProblem(message, t, error))
    },
    onSuccess: async (_, chosen) => {
      say(t('mail.filedWith', { name: chosen.name }), email.id)
      onClose()
      await emailsChanged(client)
    },
    onError: (error) => sayProblem(message, t, error),
  })
  return (
    <Sheet
      open={open}
      onClose={onClose}
      width={560}
      phoneHeight="full"
      title={t('mail.fileTitle')}
      footer={
        <Button
          type="primary"
          size="large"
          block
          disabled={!hit || (hit.kind !== 'lead' && !customer)}
          loading={file.isPending}
          onClick={() => hit && void form.validateFields().then(() => file.mutate(hit), ignored)}
        >
          {hit ? t('mail.fileWith', { name: hit.name }) : t('mail.file')}
        </Button>
      }
    >
      <p className={styles.help}>
        <strong>{email.subject || t('mail.noSubject')}</strong> · {wholePerson(email.sender)}
      </p>
      {hit ? (
        <div className={styles.chosen}>
          <span className={styles.words}>
            <strong>{hit.name}</strong>
            <small className={styles.meta}>{hit.line}</small>
          </span>
          <Button size="small" onClick={() => setHit(null)}>
            {t('mail.otherRecord')}
          </Button>
        </div>
      ) : (
        <RecordSearch label={t('mail.record')} typed={typed} onType={setTyped} isOn={open} onChoose={setHit} />
      )}
      {stranger && customer && (
        <NewContact form={form} name={personWords(stranger)} address={stranger.address} customer={customer} />
      )}
    </Sheet>
  )
}

/** The form shows what is wrong itself. */
const ignored = (): undefined => undefined

/** Who wrote to us, as long as the customer has nobody with that address. */
function strangerTo(email: EmailCard, customer: Customer | null): EmailCard['sender'] | null {
  if (email.direction !== 'in' || !customer?.actions.includes('change')) return null
  const address = email.sender.address.toLowerCase()
  return customer.contacts.some((contact) => contact.email?.toLowerCase() === address) ? null : email.sender
}

interface NewContactProps {
  form: ReturnType<typeof Form.useForm<Person>>[0]
  name: string
  address: string
  customer: Customer
}

function NewContact({ form, name, address, customer }: NewContactProps) {
  const { t } = useTranslation()
  const isAdded = Form.useWatch('isAdded', form)
  const start = useEffectEvent(() =>
    form.setFieldsValue({ isAdded: isOfFirm(address, customer), name, role: 'purchaser' }),
  )
  // biome-ignore lint/correctness/useExhaustiveDependencies: another customer is another question
  useEffect(() => start(), [customer.id])
  return (
    <Form form={form} layout="vertical" requiredMark={false} className={styles.newContact ?? ''}>
      <Form.Item name="isAdded" valuePropName="checked" style={{ marginBottom: 8 }}>
        <Checkbox>{t('mail.addContact', { address, customer: contactName(t, customer.name) })}</Checkbox>
      </Form.Item>
      {isAdded && (
        <div className={styles.pair}>
          <Form.Item
            name="name"
            label={t('contact.fields.name')}
            rules={[{ required: true, whitespace: true, message: t('people.required') }]}
          >
            <Input maxLength={100} autoComplete="off" />
          </Form.Item>
          <Form.Item name="role" label={t('contact.fields.role')}>
            <Select options={ROLES.map((value) => ({ value, label: t(`contact.roles.${value}`) }))} />
          </Form.Item>
        </div>
      )}
    </Form>
  )
}
