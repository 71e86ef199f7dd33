import { EditOutlined } from '@ant-design/icons'
import { Link } from '@tanstack/react-router'
import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import type { CustomerCard } from '@/api/types'
import { CallButton } from '@/components/CallButton'
import { Countdown } from '@/components/Countdown'
import { CustomerMarks } from '@/components/customer/CustomerMarks'
import { useCustomerSheets } from '@/components/customer/CustomerSheets'
import { FactLine } from '@/components/FactLine'
import { useIsPhone } from '@/lib/media'
import { placeName } from '@/lib/places'
import styles from './TodayCard.module.css'
import type { ItemProps } from './todayItem'
import { whyWords } from './why'

/** A customer with an agreed next step, or a key customer without a backup owner. */
export function CustomerItem({ item, customer, tone }: ItemProps & { customer: CustomerCard }) {
  const { t } = useTranslation()
  const sheets = useCustomerSheets()
  const isPhone = useIsPhone()
  const logs = item.kind === 'to_follow'
  return (
    <article className={`${styles.card} ${styles[tone]}`}>
      <div className={styles.main}>
        <div className={styles.head}>
          <h3 className={styles.name}>
            <Link to="/customers/$customerId" params={{ customerId: customer.id }} className={styles.link}>
              {customer.name}
            </Link>
          </h3>
          <CustomerMarks customer={customer} />
          {item.due_at && <Countdown dueAt={item.due_at} />}
        </div>
        <FactLine
          facts={[customer.contact, placeName(customer.province, customer.city), customer.industry]}
          className={styles.facts}
        />
        <p className={styles.why}>
          <span className="visually-hidden">{t('today.whyLabel')}: </span>
          {whyWords(t, item)}
        </p>
      </div>
      <div className={styles.actions}>
        {logs && customer.phone && <CallButton phone={customer.phone} shows={isPhone ? 'word' : 'number'} />}
        {logs && (
          <Button icon={<EditOutlined aria-hidden />} onClick={() => sheets.open({ kind: 'log_follow_up', customer })}>
            {t('followUp.open')}
          </Button>
        )}
      </div>
    </article>
  )
}
