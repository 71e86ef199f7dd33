import { Segmented } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Form } from '@/api/types'
import { CopyButton } from '@/components/CopyButton'
import { SNIPPETS, type SnippetLanguage, snippet } from './snippets'
import styles from './webhooks.module.css'

/** What the site's server has to run. */
export function FormCode({ form }: { form: Form }) {
  const { t } = useTranslation()
  const [language, setLanguage] = useState<SnippetLanguage>('node')
  const code = snippet(language, `${location.origin}${form.path}`, form.verification)
  return (
    <>
      <p className={styles.soft} style={{ marginBottom: 12 }}>
        {t('forms.codeHelp')}
      </p>
      <Segmented<SnippetLanguage>
        aria-label={t('forms.tabCode')}
        value={language}
        onChange={setLanguage}
        options={SNIPPETS.map((value) => ({
          value,
          label: { node: 'Node.js', python: 'Python', curl: 'curl' }[value],
        }))}
      />
      <code className={styles.code}>{code}</code>
      <CopyButton text={code} label={t('forms.copyCode')} />
    </>
  )
}
