import type { TFunction } from 'i18next'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { DuplicateHit } from '@/api/types'
import { RecordLink } from '@/components/RecordLink'
import styles from './DuplicateHits.module.css'

function whyWords(t: TFunction, hit: DuplicateHit): string {
  const matches = hit.matches.map((match) => t(`duplicates.match.${match}`)).join(t('common.listSeparator'))
  return t(hit.matches.some((match) => match !== 'name') ? 'duplicates.same' : 'duplicates.near', { matches })
}

function whoseWords(t: TFunction, hit: DuplicateHit): string {
  if (!hit.owner) return t('duplicates.nobodys')
  return hit.record ? t('duplicates.owner', { name: hit.owner.name }) : t('duplicates.ask', { name: hit.owner.name })
}

/** Records of what is probably the same firm; what one may not see says only whom to ask. */
export function DuplicateHits({
  hits,
  action,
}: {
  hits: DuplicateHit[]
  action?: ((hit: DuplicateHit) => ReactNode) | undefined
}) {
  const { t } = useTranslation()
  return (
    <ul className={styles.hits}>
      {hits.map((hit, index) => (
        <li key={hit.record?.id ?? index} className={styles.hit}>
          <span className={styles.words}>
            <Name hit={hit} />
            <small className={styles.why}>
              {whyWords(t, hit)} · {whoseWords(t, hit)}
            </small>
          </span>
          {action?.(hit)}
        </li>
      ))}
    </ul>
  )
}

function Name({ hit }: { hit: DuplicateHit }) {
  const { t } = useTranslation()
  if (!hit.record) return t(`duplicates.masked.${hit.subject_type}`)
  const { id, name, contact_name, number } = hit.record
  return (
    <RecordLink subject={hit.subject_type} id={id}>
      {`${name || contact_name || t('lead.unnamed')} · ${number}`}
    </RecordLink>
  )
}
