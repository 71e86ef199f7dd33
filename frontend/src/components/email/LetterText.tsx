import { Button } from 'antd'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import styles from './Email.module.css'
import { partsOf } from './quoted'

/** What a letter says; what it repeats of earlier ones is a tap away. */
export function LetterText({ text, isCut }: { text: string; isCut: boolean }) {
  const { t } = useTranslation()
  const parts = useMemo(() => partsOf(text), [text])
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
      {isCut && <p className={styles.soft}>{t('mail.isCut')}</p>}
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
