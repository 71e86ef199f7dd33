import { useMutation, useQueryClient } from '@tanstack/react-query'
import { App, Button, Checkbox, Form } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { addContact, changeContact, customerChanged } from '@/api/customers'
import type { ChangeRequest, Contact } from '@/api/types'
import { Sheet } from '@/components/Sheet'
import type { Opening } from '@/components/sheetHost'
import { showProblem } from '@/lib/formProblem'
import { newKey } from '@/lib/keys'
import { ContactFormFields } from './ContactFormFields'
import styles from './CustomerForm.module.css'
import type { NamedCustomer } from './CustomerSheets'
import { contactName } from './changeWords'
import { type ContactFields, contactFields, filled, needsApproval, toContactPatch } from './customerForm'
import { ReasonField } from './ReasonField'
import { useAsked } from './useAsked'

type Fields = ContactFields & { reason?: string }

async function saveContact(customer: NamedCustomer, contact: Contact | null, fields: Fields, key: string) {
  const { reason, ...person } = fields
  if (!contact) return void (await addContact(customer.id, filled(person) as ContactFields, key))
  const body = { ...toContactPatch(contact, person), reason: reason?.trim() ?? '' }
  return (await changeContact(contact.id, body, contact.version)).change_request
}

/** Adding is free; changing a contact goes to the superior of the customer's owner. */
export function ContactSheet({
  customer,
  contact,
  open,
  onClose,
}: { customer: NamedCustomer; contact: Contact | null } & Opening) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const client = useQueryClient()
  const [form] = Form.useForm<Fields>()
  const [key] = useState(newKey)
  const asked = useAsked()
  const values = Form.useWatch([], form)
  const patch = contact && values ? patchOf(contact, values) : {}
  const save = useMutation({
    mutationFn: (fields: Fields) => saveContact(customer, contact, fields, key),
    onSuccess: async (request: ChangeRequest | null | undefined) => {
      if (contact) asked(request ?? null)
      else void message.success(t('contact.added'))
      onClose()
      await customerChanged(client)
    },
    onError: (error) => showProblem(form, message, t, error),
  })
  const submit = (fields: Fields): void => {
    if (contact && Object.keys(patch).length === 0) return void message.info(t('customer.nothingChanged'))
    save.mutate(fields)
  }
  return (
    <Sheet
      open={open}
      onClose={onClose}
      title={
        contact ? `${t('contact.edit')} · ${contactName(t, contact.name)}` : `${t('contact.add')} · ${customer.name}`
      }
      width={560}
      keepsOnOutsideTap
      footer={
        <Button type="primary" size="large" block loading={save.isPending} onClick={() => form.submit()}>
          {contact ? t('customer.submitChange') : t('common.save')}
        </Button>
      }
    >
      <Form
        form={form}
        layout="vertical"
        requiredMark={false}
        initialValues={contact ? contactFields(contact) : { role: 'purchaser' }}
        onFinish={submit}
      >
        {contact && <p className={styles.hint}>{t('customer.needsApproval')}</p>}
        <ContactFormFields isEdit={contact !== null} needsName={contact?.name !== ''} />
        {contact && !contact.is_primary && (
          <>
            <Form.Item name="is_primary" valuePropName="checked" style={{ marginBottom: 4 }}>
              <Checkbox>{t('contact.makePrimary')}</Checkbox>
            </Form.Item>
            <Form.Item name="has_left" valuePropName="checked">
              <Checkbox>{t('contact.hasLeft')}</Checkbox>
            </Form.Item>
          </>
        )}
        {contact && needsApproval(patch) && <ReasonField />}
      </Form>
    </Sheet>
  )
}

function patchOf(contact: Contact, { reason: _, ...fields }: Fields): object {
  return toContactPatch(contact, fields)
}
