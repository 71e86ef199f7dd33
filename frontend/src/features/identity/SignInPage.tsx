import { CheckCircleFilled } from '@ant-design/icons'
import { useTranslation } from 'react-i18next'
import { Logo } from '@/components/Logo'
import { LanguageSwitch } from './LanguageSwitch'
import { SignInForm } from './SignInForm'
import styles from './SignInPage.module.css'

export function SignInPage() {
  const { t } = useTranslation()
  return (
    <div className={styles.page}>
      <header className={styles.brand}>
        <div className={styles.mark}>
          <Logo size={52} />
          <span className={styles.name}>{t('app.name')}</span>
        </div>
        <div>
          <p className={styles.headline}>{t('signIn.headline')}</p>
          <ul className={styles.points}>
            {(['point1', 'point2', 'point3'] as const).map((point) => (
              <li key={point}>
                <CheckCircleFilled aria-hidden /> {t(`signIn.${point}`)}
              </li>
            ))}
          </ul>
        </div>
        <p className={styles.tagline}>{t('app.tagline')}</p>
      </header>
      <main className={styles.side}>
        <div className={styles.language}>
          <LanguageSwitch />
        </div>
        <SignInForm />
      </main>
    </div>
  )
}
