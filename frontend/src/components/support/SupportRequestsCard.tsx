import { ToolOutlined } from '@ant-design/icons'
import type { UseQueryResult } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import type { SupportCard } from '@/api/types'
import { Card } from '@/components/Card'
import { Countdown } from '@/components/Countdown'
import { ErrorState } from '@/components/states'
import styles from './Support.module.css'
import { SupportStateTag } from './SupportStateTag'

interface Props {
  found: Pick<UseQueryResult<{ items: SupportCard[] }>, 'data' | 'error' | 'isError' | 'refetch'>
  /** The way to ask, where this person may. */
  onAsk: (() => void) | null
  /** Whether to say which deal each one is for. */
  namesDeals?: boolean
}

/** What engineers were asked for a record, and the way to ask. */
export function SupportRequestsCard({ found, onAsk, namesDeals = false }: Props) {
  const { t } = useTranslation()
  const items = found.data?.items ?? []
  const isUnknown = found.isError && found.data === undefined
  if (items.length === 0 && !onAsk && !isUnknown) return null
  return (
    <Card title={t('support.title')}>
      {isUnknown && <ErrorState error={found.error} onRetry={() => void found.refetch()} />}
      <ul className={styles.list}>
        {items.map((one) => (
          <li key={one.id}>
            <div className={styles.top}>
              <Link to="/support/$requestId" params={{ requestId: one.id }}>
                {one.engineer.name}
              </Link>
              <SupportStateTag request={one} />
            </div>
            {namesDeals && one.opportunity && <p className={styles.soft}>{one.opportunity.name}</p>}
            <p className={styles.pre}>{one.need}</p>
            {one.state === 'asked' && <Countdown dueAt={one.due_at} />}
          </li>
        ))}
      </ul>
      {onAsk && (
        <Button icon={<ToolOutlined aria-hidden />} onClick={onAsk}>
          {t('support.ask')}
        </Button>
      )}
    </Card>
  )
}
