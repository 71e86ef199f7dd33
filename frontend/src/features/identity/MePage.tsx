import { LogoutOutlined, PoweroffOutlined, RightOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { App, Button, Segmented } from 'antd'
import { useTranslation } from 'react-i18next'
import { dropboxQuery } from '@/api/emails'
import { leave, leaveEverywhere, saveLanguage } from '@/api/identity'
import type { Me } from '@/api/types'
import { Avatar } from '@/components/Avatar'
import { CountBadge } from '@/components/CountBadge'
import { Dropbox } from '@/components/email/Dropbox'
import { toolsFor } from '@/components/nav'
import { Page } from '@/components/Page'
import { asLanguage } from '@/i18n/i18n'
import { sayProblem } from '@/lib/formProblem'
import { useIsPhone } from '@/lib/media'
import { scopesOf, useMe } from '@/lib/session'
import type { Language } from '@/lib/time'
import styles from './MePage.module.css'
import { PasswordForm } from './PasswordForm'

const isInstalled = (): boolean => window.matchMedia('(display-mode: standalone)').matches

export function MePage() {
  const { t } = useTranslation()
  const me = useMe()
  const isPhone = useIsPhone()
  return (
    <Page title={t('me.title')} width="reading">
      <div className={styles.cards}>
        <Profile me={me} />
        {isPhone && <Tools me={me} />}
        <MyDropbox />
        <LanguageChoice />
        <PasswordForm />
        <Leaving />
        {isPhone && !isInstalled() && <p className={styles.install}>{t('me.install')}</p>}
      </div>
    </Page>
  )
}

function Profile({ me }: { me: Me }) {
  const { t, i18n } = useTranslation()
  const isEnglish = asLanguage(i18n.language) === 'en'
  const join = (words: string[]): string => words.join(t('common.listSeparator')) || t('common.none')
  const rows: [string, string][] = [
    [t('me.account'), me.login],
    [t('me.region'), me.region?.name ?? t('common.none')],
    [t('me.scopes'), join(scopesOf(me).map((scope) => t(`scope.${scope}`)))],
    [t('me.mobile'), me.mobile ?? t('common.unknown')],
    [t('me.email'), me.email ?? t('common.unknown')],
  ]
  return (
    <section className={styles.card}>
      <div className={styles.who}>
        <Avatar name={me.name} size={60} />
        <div>
          <h2 className={styles.name}>
            {me.name}
            {me.on_leave && <span className={styles.leave}>{t('me.onLeave')}</span>}
          </h2>
          <p className={styles.roles}>{join(me.roles.map((role) => (isEnglish ? role.name_en : role.name_zh)))}</p>
        </div>
      </div>
      <dl className={styles.facts}>
        {rows.map(([label, value]) => (
          <div key={label} className={styles.fact}>
            <dt>{label}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  )
}

/** On the phone what its bar has no room for is reached from here. */
function Tools({ me }: { me: Me }) {
  const { t } = useTranslation()
  const tools = toolsFor(me)
  if (tools.length === 0) return null
  return (
    <nav className={styles.card} aria-label={t('me.tools')}>
      {tools.map(({ to, label, icon, count }) => (
        <Link key={to} to={to} className={styles.tool}>
          <span className={styles.toolIcon}>{icon}</span>
          <span className={styles.toolName}>{t(`nav.${label}`)}</span>
          {count && <CountBadge count={count} />}
          <RightOutlined aria-hidden />
        </Link>
      ))}
    </nav>
  )
}

/** Where one's own letters are sent to be filed. */
function MyDropbox() {
  const { t } = useTranslation()
  const isOn = useQuery(dropboxQuery(null)).data?.is_configured
  if (!isOn) return null
  return (
    <section className={styles.card}>
      <h2 className={styles.heading}>{t('mail.dropbox.title')}</h2>
      <Dropbox subject={null} mayRenew />
      <Link to="/mail/tray" className={styles.tool}>
        {t('mail.dropbox.toTray')} <RightOutlined aria-hidden />
      </Link>
    </section>
  )
}

function LanguageChoice() {
  const { t, i18n } = useTranslation()
  const { message } = App.useApp()
  const choose = (language: Language): void => {
    saveLanguage(language).catch((error: unknown) => sayProblem(message, t, error))
  }
  return (
    <section className={`${styles.card} ${styles.row}`}>
      <h2 className={styles.heading}>{t('me.language')}</h2>
      <Segmented<Language>
        aria-label={t('me.language')}
        value={asLanguage(i18n.language)}
        onChange={choose}
        options={[
          { value: 'zh-CN', label: '简体中文' },
          { value: 'en', label: 'English' },
        ]}
      />
    </section>
  )
}

function Leaving() {
  const { t } = useTranslation()
  const { message, modal } = App.useApp()
  const attempt = (work: Promise<unknown>): Promise<void> =>
    work.then(undefined, (error: unknown) => sayProblem(message, t, error)).then()
  const askEverywhere = (): void => {
    modal.confirm({
      title: t('me.signOutEverywhereAsk'),
      content: t('me.signOutEverywhereHelp'),
      okText: t('me.signOutEverywhere'),
      onOk: () => attempt(leaveEverywhere()),
    })
  }
  return (
    <div className={styles.leaving}>
      <Button icon={<LogoutOutlined aria-hidden />} size="large" block onClick={() => void attempt(leave())}>
        {t('me.signOut')}
      </Button>
      <Button icon={<PoweroffOutlined aria-hidden />} size="large" block type="text" danger onClick={askEverywhere}>
        {t('me.signOutEverywhere')}
      </Button>
    </div>
  )
}
