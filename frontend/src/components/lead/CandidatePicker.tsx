import { useTranslation } from 'react-i18next'
import type { Candidate } from '@/api/types'
import { Avatar } from '@/components/Avatar'
import styles from './CandidatePicker.module.css'

interface Props {
  candidates: Candidate[]
  value?: string
  onChange?: (id: string) => void
  id?: string
}

/** People to choose from, each with the load that speaks for or against them. */
export function CandidatePicker({ candidates, value, onChange, id }: Props) {
  const { t } = useTranslation()
  return (
    <div role="radiogroup" aria-label={t('reassign.who')} id={id} tabIndex={-1} className={styles.list}>
      {candidates.map(({ person, open_leads, is_present }) => (
        <label key={person.id} className={styles.row}>
          <input
            type="radio"
            name="candidate"
            className={styles.input}
            checked={person.id === value}
            onChange={() => onChange?.(person.id)}
          />
          <Avatar name={person.name} />
          <span className={styles.words}>
            <strong>{person.name}</strong>
            <span className={styles.load}>
              {t('reassign.openLeads', { count: open_leads })}
              {!is_present && <em className={styles.absent}>{t('reassign.absent')}</em>}
            </span>
          </span>
        </label>
      ))}
    </div>
  )
}
