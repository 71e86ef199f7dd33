import { Alert } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ApiProblem } from '@/api/problem'
import { spanWords } from '@/components/Countdown'
import { serverNow } from '@/lib/serverClock'
import { useTicking } from '@/lib/ticker'
import { problemWords } from '@/lib/words'

export function SignInProblem({ error }: { error: unknown }) {
  const { t } = useTranslation()
  if (error instanceof ApiProblem && error.code === 'locked_out') return <LockedOut seconds={error.retryAfter ?? 60} />
  if (error instanceof ApiProblem && error.code === 'sign_in_failed') {
    return <Warning title={t('signIn.failedTitle')} help={t('signIn.failedHelp')} />
  }
  const { title, help } = problemWords(t, error)
  return <Warning title={title} help={help} />
}

/** Counts the wait down, so that nobody has to guess. */
function LockedOut({ seconds }: { seconds: number }) {
  const { t } = useTranslation()
  const [until] = useState(() => serverNow() + seconds * 1000)
  const wait = useTicking((now) => (now < until ? spanWords(t, until, now) : ''))
  return (
    <Warning title={t('signIn.lockedTitle')} help={wait ? t('signIn.lockedHelp', { wait }) : t('signIn.lockedOver')} />
  )
}

function Warning({ title, help }: { title: string; help: string }) {
  return <Alert type="error" showIcon title={title} description={help} style={{ marginBottom: 20 }} />
}
