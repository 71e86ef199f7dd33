import { Button } from 'antd'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import styles from './LoadMore.module.css'

interface Props {
  hasNextPage: boolean
  isFetchingNextPage: boolean
  fetchNextPage: () => unknown
}

/** Fetches the next page when it comes near; the button does the same for keyboards and old browsers. */
export function LoadMore({ hasNextPage, isFetchingNextPage, fetchNextPage }: Props) {
  const { t } = useTranslation()
  const mark = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const element = mark.current
    if (!element || !hasNextPage || isFetchingNextPage || typeof IntersectionObserver === 'undefined') return
    const observer = new IntersectionObserver(
      (entries) => entries.some((entry) => entry.isIntersecting) && fetchNextPage(),
      {
        rootMargin: '400px',
      },
    )
    observer.observe(element)
    return () => observer.disconnect()
  }, [hasNextPage, isFetchingNextPage, fetchNextPage])
  return (
    <div ref={mark} className={styles.more}>
      {hasNextPage ? (
        <Button type="text" loading={isFetchingNextPage} onClick={() => fetchNextPage()}>
          {t('common.loadMore')}
        </Button>
      ) : (
        <span>{t('common.allShown')}</span>
      )}
    </div>
  )
}
