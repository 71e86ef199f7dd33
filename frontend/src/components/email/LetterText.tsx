import { Button } from 'antd'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Email } from '@/api/types'
import styles from './Email.module.css'
import { partsOf } from './quoted'
import { SourceButton } from './SourceButton'

/** What a letter says; what it repeats of earlier ones is a tap away. */
export function LetterText({ email }: { email: Email }) {
  const { t } = useTranslation()
  const parts = useMemo(() => partsOf(email.text), [email.text])
  if (parts.length === 0) return <p className={styles.soft}>{t('mail.noText')}</p>
  return (
    <div className={styles.body}>
      {parts.map((part, place) =>
        part.isQuoted ? (
          // biome-ignore lint/suspicious/noArrayIndexKey: a part is nothing but its place in the text
          <Quoted key={place} text={part.text} />
        ) : (
          // biome-ignore lint/suspicious/noArrayIndexKey: the same
          <p key={place} className={styles.text}>
            {part.text}
          </p>
        ),
      )}
      {email.is_cut && (
        <p className={styles.soft}>
          {t('mail.isCut')} {email.has_source && <SourceButton emailId={email.id} />}
        </p>
      )}
    </div>
  )
}

function Quoted({ text }: { text: string }) {
  const { t } = useTranslation()
  const [isShown, setIsShown] = useState(false)
  return (
    <>
      <Button
        type="text"
        size="small"
        className={styles.fold ?? ''}
        aria-expanded={isShown}
        onClick={() => setIsShown(!isShown)}
      >
        {isShown ? t('mail.hideQuoted') : t('mail.showQuoted')}
      </Button>
      {isShown && <blockquote className={styles.quoted}>{text}</blockquote>}
    </>
  )
}
