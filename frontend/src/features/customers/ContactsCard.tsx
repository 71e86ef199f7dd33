import { EditOutlined, PlusOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import type { Contact, Customer } from '@/api/types'
import { CallButton } from '@/components/CallButton'
import { Card } from '@/components/Card'
import { useCustomerSheets } from '@/components/customer/CustomerSheets'
import { contactName } from '@/components/customer/changeWords'
import { FactLine } from '@/components/FactLine'
import { useIsPhone } from '@/lib/media'
import styles from './ContactsCard.module.css'

/** The people at the customer with their part in the decision; who has left stands last. */
export function ContactsCard({ customer }: { customer: Customer }) {
  const { t } = useTranslation()
  const sheets = useCustomerSheets()
  const changes = customer.actions.includes('change')
  return (
    <Card title={t('contact.title')}>
      {customer.contacts.length === 0 && <p className={styles.soft}>{t('contact.empty')}</p>}
      <ul className={styles.list}>
        {customer.contacts.map((contact) => (
          <ContactRow
            key={contact.id}
            contact={contact}
            onEdit={changes ? () => sheets.open({ kind: 'contact', customer, contact }) : undefined}
          />
        ))}
      </ul>
      {changes && (
        <Button
          icon={<PlusOutlined aria-hidden />}
          onClick={() => sheets.open({ kind: 'contact', customer, contact: null })}
        >
          {t('contact.add')}
        </Button>
      )}
    </Card>
  )
}

function ContactRow({ contact, onEdit }: { contact: Contact; onEdit: (() => void) | undefined }) {
  const { t } = useTranslation()
  const isPhone = useIsPhone()
  return (
    <li className={`${styles.row} ${contact.is_active ? '' : styles.left}`}>
      <div className={styles.words}>
        <p className={styles.head}>
          <strong>{contactName(t, contact.name)}</strong>
          <span className={styles.role}>{t(`contact.roles.${contact.role}`)}</span>
          {contact.is_primary && <span className={styles.primary}>{t('contact.primary')}</span>}
          {!contact.is_active && <span className={styles.gone}>{t('contact.left')}</span>}
        </p>
        <FactLine className={styles.soft} facts={[contact.title, contact.wechat, contact.email]} />
        {contact.notes && <p className={styles.soft}>{contact.notes}</p>}
      </div>
      <div className={styles.actions}>
        {contact.phone && contact.is_active && (
          <CallButton phone={contact.phone} type="default" shows={isPhone ? 'word' : 'number'} />
        )}
        {onEdit && (
          <Button
            type="text"
            icon={<EditOutlined aria-hidden />}
            aria-label={t('contact.editOne', { name: contactName(t, contact.name) })}
            onClick={onEdit}
          />
        )}
      </div>
    </li>
  )
}
