import { Alert, Button } from 'antd'
import { useTranslation } from 'react-i18next'
import type { Person } from '@/api/types'
import styles from './PersonForm.module.css'
import { differingFields, type Editable, type PersonFields, toFields } from './personForm'

const LABELS = {
  name: 'people.name',
  email: 'people.email',
  mobile: 'people.mobile',
  dingtalk_mobile: 'people.dingtalk',
  roles: 'people.roles',
  region_id: 'people.region',
  supervisor_id: 'people.supervisor',
  takes_leads: 'people.takesLeads',
  product_lines: 'people.productLines',
  languages: 'people.languages',
} as const satisfies Record<Editable, string>

interface Props {
  mine: PersonFields
  theirs: Person
  onTakeTheirs: () => void
  onKeepMine: () => void
}

/** Somebody else was first: says what differs and lets the person decide. */
export function ConflictNotice({ mine, theirs, onTakeTheirs, onKeepMine }: Props) {
  const { t } = useTranslation()
  const fields = differingFields(mine, toFields(theirs)).map((name) => t(LABELS[name]))
  return (
    <Alert
      className={styles.conflict ?? ''}
      type="warning"
      showIcon
      title={t('people.conflictTitle', { name: theirs.name })}
      description={
        <>
          <p>{t('people.conflictText')}</p>
          {fields.length > 0 && <p>{t('people.conflictFields', { fields: fields.join(t('common.listSeparator')) })}</p>}
          <div className={styles.conflictActions}>
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
