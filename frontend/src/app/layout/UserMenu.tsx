import { GlobalOutlined, KeyOutlined, LogoutOutlined, PoweroffOutlined, UserOutlined } from '@ant-design/icons'
import { useNavigate } from '@tanstack/react-router'
import { App, Dropdown, type MenuProps } from 'antd'
import { useTranslation } from 'react-i18next'
import { leave, leaveEverywhere, saveLanguage } from '@/api/identity'
import { Avatar } from '@/components/Avatar'
import { asLanguage } from '@/i18n/i18n'
import { sayProblem } from '@/lib/formProblem'
import { useMe } from '@/lib/session'
import { useLive } from '../live/LiveProvider'
import styles from './UserMenu.module.css'

export function UserMenu() {
  const { t, i18n } = useTranslation()
  const { message, modal } = App.useApp()
  const navigate = useNavigate()
  const me = useMe()
  const language = asLanguage(i18n.language)
  const attempt = (work: Promise<unknown>): void => {
    work.catch((error: unknown) => sayProblem(message, t, error))
  }
  const askEverywhere = (): void => {
    modal.confirm({
      title: t('me.signOutEverywhereAsk'),
      content: t('me.signOutEverywhereHelp'),
      okText: t('me.signOutEverywhere'),
      onOk: () => attempt(leaveEverywhere()),
    })
  }
  const items: MenuProps['items'] = [
    {
      key: 'me',
      icon: <UserOutlined aria-hidden />,
      label: t('me.title'),
      onClick: () => void navigate({ to: '/me' }),
    },
    {
      key: 'password',
      icon: <KeyOutlined aria-hidden />,
      label: t('me.password'),
      onClick: () => void navigate({ to: '/me', hash: 'password' }),
    },
    {
      key: 'language',
      icon: <GlobalOutlined aria-hidden />,
      label: language === 'en' ? '简体中文' : 'English',
      onClick: () => attempt(saveLanguage(language === 'en' ? 'zh-CN' : 'en')),
    },
    { type: 'divider' },
    { key: 'leave', icon: <LogoutOutlined aria-hidden />, label: t('me.signOut'), onClick: () => attempt(leave()) },
    {
      key: 'everywhere',
      icon: <PoweroffOutlined aria-hidden />,
      label: t('me.signOutEverywhere'),
      onClick: askEverywhere,
    },
  ]
  const roles = me.roles
    .map((role) => (language === 'en' ? role.name_en : role.name_zh))
    .join(t('common.listSeparator'))
  return (
    <Dropdown menu={{ items }} trigger={['click']} placement="top">
      <button type="button" className={styles.user}>
        <span className={styles.face}>
          <Avatar name={me.name} size={36} />
          <LiveDot />
        </span>
        <span className={styles.words}>
          <span className={styles.name}>{me.name}</span>
          <span className={styles.role}>{roles}</span>
        </span>
      </button>
    </Dropdown>
  )
}

function LiveDot() {
  const { t } = useTranslation()
  const { state } = useLive()
  const isOpen = state === 'open'
  const words = isOpen ? t('connection.open') : t('connection.connecting')
  return (
    <span className={`${styles.dot} ${isOpen ? styles.open : ''}`} title={words}>
      <span className="visually-hidden">{words}</span>
    </span>
  )
}
