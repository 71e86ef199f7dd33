import { BugOutlined, CompassOutlined } from '@ant-design/icons'
import { type ErrorComponentProps, Link, useRouter } from '@tanstack/react-router'
import { Button } from 'antd'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { ApiProblem } from '@/api/problem'
import { Logo } from '@/components/Logo'
import { EmptyState, ErrorState } from '@/components/states'
import styles from './screens.module.css'

export function NotFoundScreen() {
  return (
    <main className={styles.centre}>
      <NotFound />
    </main>
  )
}

export function NotFound() {
  const { t } = useTranslation()
  return (
    <EmptyState
      level={1}
      icon={<CompassOutlined aria-hidden />}
      title={t('state.notFoundTitle')}
      text={t('state.notFoundText')}
      action={
        <Link to="/today" className={styles.link}>
          {t('state.goHome')}
        </Link>
      }
    />
  )
}

const STALE_CHUNK = /dynamically imported module|module script|preload CSS|Failed to fetch/i
const RELOADED = 'chengdan.reloaded'
const NOT_AGAIN_WITHIN = 60_000

/** A new version was installed while this tab was open: its old files are gone, one reload fetches the new ones; the next version too. */
function useReloadOnce(error: Error): void {
  useEffect(() => {
    const last = Number(sessionStorage.getItem(RELOADED))
    if (!STALE_CHUNK.test(error.message) || Date.now() - last < NOT_AGAIN_WITHIN) return
    sessionStorage.setItem(RELOADED, `${Date.now()}`)
    location.reload()
  }, [error])
}

export function CrashScreen({ error: thrown }: ErrorComponentProps) {
  const error = thrown instanceof Error ? thrown : new Error(String(thrown))
  const { t } = useTranslation()
  const router = useRouter()
  useReloadOnce(error)
  if (error instanceof ApiProblem) {
    return (
      <main className={styles.centre}>
        <ErrorState level={1} error={error} onRetry={() => void router.invalidate()} />
      </main>
    )
  }
  return (
    <main className={styles.centre}>
      <div role="alert">
        <EmptyState
          level={1}
          icon={<BugOutlined aria-hidden />}
          tone="late"
          title={t('state.crashTitle')}
          text={
            <>
              {t('state.crashText')}
              <code className={styles.code}>{error.message}</code>
            </>
          }
          action={<Button onClick={() => location.reload()}>{t('common.reload')}</Button>}
        />
      </div>
    </main>
  )
}

export function StartScreen() {
  const { t } = useTranslation()
  return (
    <main className={styles.start} aria-busy="true">
      <Logo size={56} />
      <span className="visually-hidden">{t('common.loading')}</span>
    </main>
  )
}
