import { Alert, Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { ApiProblem } from '@/api/problem'

/** The newer state that a 412 carries. */
export function newerState<T>(error: unknown): T | null {
  if (!(error instanceof ApiProblem) || error.status !== 412) return null
  return (error.params.current as T | undefined) ?? null
}

interface Props {
  onTakeTheirs: () => void
  onKeepMine: () => void
}

/** Somebody else was first: the person decides what counts. */
export function StaleNotice({ onTakeTheirs, onKeepMine }: Props) {
  const { t } = useTranslation()
  return (
    <Alert
      type="warning"
      showIcon
      style={{ marginBottom: 20 }}
      title={t('problem.changed_meanwhile.title')}
      description={
        <>
          <p>{t('people.conflictText')}</p>
          <div style={{ display: 'flex', flexWrap: 'wrap', gap: 8, marginTop: 12 }}>
            <Button onClick={onTakeTheirs}>{t('people.useTheirs')}</Button>
            <Button danger onClick={onKeepMine}>
              {t('people.useMine')}
            </Button>
          </div>
        </>
      }
    />
  )
}
