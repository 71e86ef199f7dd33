import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { App, Button, Form } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { createCustomer, customerChanged } from '@/api/customers'
import { DuplicateWarning } from '@/components/merge/DuplicateWarning'
import { Sheet } from '@/components/Sheet'
import type { Opening } from '@/components/sheetHost'
import { showProblem } from '@/lib/formProblem'
import { newKey } from '@/lib/keys'
import { noteUse } from '@/lib/usage'
import { ContactFormFields } from './ContactFormFields'
import styles from './CustomerForm.module.css'
import { CustomerFormFields } from './CustomerFormFields'
import { type ContactFields, type CustomerFields, toNewCustomer } from './customerForm'

type Fields = CustomerFields & { contact?: Partial<ContactFields> }

/** Whether somebody has a firm that this person works at. */
function KnownContact() {
  const form = Form.useFormInstance<Fields>()
  return (
    <DuplicateWarning
      phone={Form.useWatch(['contact', 'phone'], form)}
      email={Form.useWatch(['contact', 'email'], form)}
    />
  )
}

export function NewCustomerSheet({ open, onClose }: Opening) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const client = useQueryClient()
  const navigate = useNavigate()
  const [form] = Form.useForm<Fields>()
  const [key] = useState(newKey)
  const save = useMutation({
    mutationFn: ({ contact, ...fields }: Fields) => createCustomer(toNewCustomer(fields, contact), key),
    onSuccess: async (customer) => {
      noteUse('customer.create')
      void message.success(t('customer.created'))
      onClose()
      void navigate({ to: '/customers/$customerId', params: { customerId: customer.id } })
      await customerChanged(client)
    },
    onError: (error) => showProblem(form, message, t, error),
  })
  return (
    <Sheet
      open={open}
      onClose={onClose}
      title={t('customer.new')}
      phoneHeight="full"
      width={600}
      keepsOnOutsideTap
      footer={
        <Button type="primary" size="large" block loading={save.isPending} onClick={() => form.submit()}>
          {t('common.save')}
        </Button>
      }
    >
      <Form
        form={form}
        layout="vertical"
        requiredMark={false}
        scrollToFirstError={{ focus: true }}
        initialValues={{ source: 'manual', is_key: false, contact: { role: 'purchaser' } }}
        onFinish={(fields) => save.mutate(fields)}
      >
        <CustomerFormFields customer={null} />
        <h2 className={styles.section}>{t('contact.title')}</h2>
        <p style={{ marginBottom: 12 }}>{t('contact.firstHelp')}</p>
        <ContactFormFields within="contact" isEdit={false} />
        <KnownContact />
      </Form>
    </Sheet>
  )
}
