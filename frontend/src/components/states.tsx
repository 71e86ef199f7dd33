import { CheckCircleOutlined, LockOutlined, ReloadOutlined, WarningOutlined } from '@ant-design/icons'
import { Button, Skeleton } from 'antd'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { ApiProblem } from '@/api/problem'
import { problemWords } from '@/lib/words'
import styles from './states.module.css'

interface StateProps {
  icon?: ReactNode
  tone?: 'calm' | 'late'
  title: string
  text?: ReactNode
  action?: ReactNode
  /** 1 where it stands for the whole screen. */
  level?: 1 | 2
}

/** What a list or page shows instead of content; always says what to do next. */
export function EmptyState({
  icon = <CheckCircleOutlined />,
  tone = 'calm',
  title,
  text,
  action,
  level = 2,
}: StateProps) {
  const Title = level === 1 ? 'h1' : 'h2'
  return (
    <div className={styles.state}>
      <span className={`${styles.icon} ${styles[tone]}`} aria-hidden>
        {icon}
      </span>
      <Title className={styles.title}>{title}</Title>
      {text && <p className={styles.text}>{text}</p>}
      {action && <div className={styles.action}>{action}</div>}
    </div>
  )
}

interface ErrorProps {
  error: unknown
  onRetry: () => void
  level?: 1 | 2
}

export function ErrorState({ error, onRetry, level = 2 }: ErrorProps) {
  const { t } = useTranslation()
  const { title, help } = problemWords(t, error)
  const requestId = error instanceof ApiProblem ? error.requestId : undefined
  return (
    <div role="alert">
      <EmptyState
        level={level}
        icon={<WarningOutlined aria-hidden />}
        tone="late"
        title={title}
        text={
          <>
            {help}
            {requestId && <small className={styles.request}>{t('common.requestId', { id: requestId })}</small>}
          </>
        }
        action={
          <Button icon={<ReloadOutlined aria-hidden />} onClick={onRetry}>
            {t('common.retry')}
          </Button>
        }
      />
    </div>
  )
}

export function ForbiddenState({ title, text }: { title?: string; text?: string }) {
  const { t } = useTranslation()
  return (
    <EmptyState
      icon={<LockOutlined aria-hidden />}
      title={title ?? t('state.forbiddenTitle')}
      text={text ?? t('state.forbiddenText')}
    />
  )
}

export function CardSkeletons({ count = 3 }: { count?: number }) {
  const { t } = useTranslation()
  return (
    <div className={styles.skeletons} role="status" aria-label={t('common.loading')}>
      {Array.from({ length: count }, (_, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: placeholders have no identity
        <div key={index} className={styles.skeleton} aria-hidden>
          <Skeleton active title={{ width: '55%' }} paragraph={{ rows: 2, width: ['80%', '40%'] }} />
        </div>
      ))}
    </div>
  )
}
