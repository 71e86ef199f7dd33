import { useMutation, useQueryClient } from '@tanstack/react-query'
import { App, Button, Form } from 'antd'
import { useTranslation } from 'react-i18next'
import { changeCustomer, customerChanged } from '@/api/customers'
import type { Customer, CustomerPatch } from '@/api/types'
import { Sheet } from '@/components/Sheet'
import type { Opening } from '@/components/sheetHost'
import { showProblem } from '@/lib/formProblem'
import { noteUse } from '@/lib/usage'
import styles from './CustomerForm.module.css'
import { CustomerFormFields } from './CustomerFormFields'
import { type CustomerFields, customerFields, needsApproval, toCustomerPatch } from './customerForm'
import { ReasonField } from './ReasonField'
import { useAsked } from './useAsked'

type Fields = CustomerFields & { reason?: string }

/** Free fields change at once; the others go to the owner's superior, which the form says before and after. */
export function EditCustomerSheet({ customer, open, onClose }: { customer: Customer } & Opening) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const client = useQueryClient()
  const [form] = Form.useForm<Fields>()
  const asked = useAsked()
  const values = Form.useWatch([], form)
  const waits = values ? needsApproval(patchOf(customer, values)) : false
  const save = useMutation({
    mutationFn: (patch: CustomerPatch) => changeCustomer(customer.id, patch, customer.version),
    onSuccess: async ({ change_request }) => {
      noteUse('customer.change')
      asked(change_request)
      onClose()
      await customerChanged(client)
    },
    onError: (error) => {
      showProblem(form, message, t, error)
      void customerChanged(client)
    },
  })
  const submit = (fields: Fields): void => {
    const patch = patchOf(customer, fields)
    if (Object.keys(patch).length === 0) return void message.info(t('customer.nothingChanged'))
    save.mutate({ ...patch, reason: fields.reason?.trim() ?? '' })
  }
  return (
    <Sheet
      open={open}
      onClose={onClose}
      title={`${t('customer.edit')} · ${customer.name}`}
      phoneHeight="full"
      width={600}
      keepsOnOutsideTap
      footer={
        <Button type="primary" size="large" block loading={save.isPending} onClick={() => form.submit()}>
          {t('customer.submitChange')}
        </Button>
      }
    >
      <Form
        form={form}
        layout="vertical"
        requiredMark={false}
        scrollToFirstError={{ focus: true }}
        initialValues={customerFields(customer)}
        onFinish={submit}
      >
        <p className={styles.hint}>{t('customer.needsApproval')}</p>
        <CustomerFormFields customer={customer} />
        {waits && <ReasonField />}
      </Form>
    </Sheet>
  )
}

function patchOf(customer: Customer, { reason: _, ...fields }: Fields): CustomerPatch {
  return toCustomerPatch(customer, fields)
}
