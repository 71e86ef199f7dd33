import { ArrowLeftOutlined, SearchOutlined } from '@ant-design/icons'
import { useRouter } from '@tanstack/react-router'
import { Button } from 'antd'
import { type ReactNode, useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { useGlobalSearch } from '@/components/search/GlobalSearch'
import { useIsPhone } from '@/lib/media'
import styles from './Page.module.css'

interface Props {
  title: string
  /** Below the title; a short sentence. */
  subtitle?: ReactNode
  actions?: ReactNode
  /** Where "back" leads when there is no history. */
  backTo?: string
  width?: 'reading' | 'wide' | 'full'
  children: ReactNode
}

export function Page({ title, subtitle, actions, backTo, width = 'wide', children }: Props) {
  const { t } = useTranslation()
  useEffect(() => {
    document.title = `${title} · ${t('app.name')}`
  }, [title, t])
  return (
    <div className={`${styles.page} ${styles[width]}`}>
      <header className={styles.head}>
        {backTo && <BackButton to={backTo} />}
        <div className={styles.words}>
          <h1 className={styles.title}>{title}</h1>
          {subtitle && <div className={styles.subtitle}>{subtitle}</div>}
        </div>
        <div className={styles.actions}>
          <PhoneSearchButton />
          {actions}
        </div>
      </header>
      {children}
    </div>
  )
}

/** On the phone the search over everything is on top of each screen; the PC has it in the side bar. */
function PhoneSearchButton() {
  const { t } = useTranslation()
  const isPhone = useIsPhone()
  const open = useGlobalSearch()
  if (!isPhone || !open) return null
  return <Button type="text" icon={<SearchOutlined aria-hidden />} aria-label={t('search.title')} onClick={open} />
}

function BackButton({ to }: { to: string }) {
  const { t } = useTranslation()
  const router = useRouter()
  const back = (): void => {
    if (router.history.canGoBack()) router.history.back()
    else void router.navigate({ to })
  }
  return (
    <Button
      type="text"
      className={styles.back}
      icon={<ArrowLeftOutlined aria-hidden />}
      aria-label={t('common.back')}
      onClick={back}
    />
  )
}
