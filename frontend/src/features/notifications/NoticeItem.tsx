import { AlertFilled, BellOutlined, CheckOutlined } from '@ant-design/icons'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { App, Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { noticeKeys } from '@/api/notifications'
import type { Notice } from '@/api/types'
import { useScriptToggle } from '@/components/lead/useScriptToggle'
import { Moment } from '@/components/Moment'
import { sayProblem } from '@/lib/formProblem'
import { placeName } from '@/lib/places'
import { markRead } from './api'
import styles from './NotificationsPage.module.css'
import { noticeFile, noticePath, noticeScript, noticeWords } from './noticeWords'

const text = (value: unknown): string | null => (typeof value === 'string' ? value : null)

export function NoticeItem({ notice }: { notice: Notice }) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const client = useQueryClient()
  const isUnread = notice.read_at === null
  const read = useMutation({
    mutationFn: () => markRead(notice.id),
    onSuccess: () => client.invalidateQueries({ queryKey: noticeKeys.all }),
    onError: (error) => sayProblem(message, t, error),
  })
  const { title, detail } = noticeWords(t, notice)
  const path = noticePath(notice)
  const file = noticeFile(notice)
  const script = useScriptToggle(noticeScript(notice), styles.toggle, styles.script)
  const place = placeName(text(notice.params.province), text(notice.params.city))
  const onOpen = (): void => {
    if (isUnread) read.mutate()
  }
  return (
    <li className={`${styles.item} ${isUnread ? styles.unread : ''}`}>
      <span className={`${styles.icon} ${notice.is_urgent ? styles.urgent : ''}`} aria-hidden>
        {notice.is_urgent ? <AlertFilled /> : <BellOutlined />}
      </span>
      <div className={styles.words}>
        <h2 className={styles.title}>
          {path ? (
            <Link to={path} className={styles.link} onClick={onOpen}>
              {title}
            </Link>
          ) : file ? (
            <Link {...file} className={styles.link} onClick={onOpen}>
              {title}
            </Link>
          ) : (
            title
          )}
          {notice.is_urgent && <span className={styles.tag}>{t('notifications.urgent')}</span>}
          {isUnread && <span className={styles.dot}>{t('notifications.unread')}</span>}
        </h2>
        <p className={styles.detail}>{[place, detail].filter(Boolean).join(' · ')}</p>
        <p className={styles.at}>
          <Moment at={notice.created_at} />
        </p>
        {script.button}
        {script.panel}
      </div>
      {isUnread && (
        <Button
          type="text"
          className={styles.read}
          icon={<CheckOutlined aria-hidden />}
          aria-label={t('notifications.markRead')}
          title={t('notifications.markRead')}
          onClick={() => read.mutate()}
        />
      )}
    </li>
  )
}
