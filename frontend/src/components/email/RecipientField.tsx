import { Form, Select } from 'antd'
import { useTranslation } from 'react-i18next'
import { contactName } from '@/components/customer/changeWords'
import { addressesOf, isAddress } from './composing'
import type { Reachable } from './useMailContacts'

const MOST = 20

interface Props {
  name: 'to' | 'cc'
  contacts: Reachable[]
  isNeeded: boolean
}

/** A name that only one contact has stands for their address. */
function named(typed: readonly string[], contacts: readonly Reachable[]): string[] {
  return typed.map((one) => {
    const meant = contacts.filter(({ name }) => name.toLowerCase().includes(one.trim().toLowerCase()))
    return isAddress(one) || meant.length !== 1 ? one : (meant[0]?.email ?? one)
  })
}

/** Contacts of the customer to choose from, or any address to type. */
export function RecipientField({ name, contacts, isNeeded }: Props) {
  const { t } = useTranslation()
  const options = contacts.map(({ name: who, role, email }) => ({
    value: email,
    label: [contactName(t, who), role && t(`contact.roles.${role}`), email].filter(Boolean).join(' · '),
  }))
  const check = (_: unknown, typed: string[] | undefined): Promise<void> => {
    const wrong = (typed ?? []).filter((address) => !isAddress(address))
    return wrong.length > 0
      ? Promise.reject(new Error(t('mail.notAddresses', { list: wrong.join(t('common.listSeparator')) })))
      : Promise.resolve()
  }
  return (
    <Form.Item
      name={name}
      label={t(`mail.${name}`)}
      normalize={(typed: string[]) => addressesOf(named(typed, contacts))}
      rules={[...(isNeeded ? [{ required: true, message: t('mail.toNeeded') }] : []), { validator: check }]}
    >
      <Select
        mode="tags"
        options={options}
        optionFilterProp="label"
        optionLabelProp="value"
        tokenSeparators={[',', ';', '，', '；']}
        maxCount={MOST}
        placeholder={t('mail.recipientHint')}
      />
    </Form.Item>
  )
}
