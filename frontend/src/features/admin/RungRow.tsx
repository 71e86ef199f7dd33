import { DeleteOutlined } from '@ant-design/icons'
import { Button, Checkbox, InputNumber, Select } from 'antd'
import { useId } from 'react'
import { useTranslation } from 'react-i18next'
import type { Rung } from '@/api/types'
import { word } from '@/lib/words'
import styles from './settings.module.css'

const ELAPSED = ['elapsed_hours', 'elapsed_days'] as const
const HOW = [...ELAPSED, 'working_minutes', 'working_days', 'next_opening_within_hours'] as const

interface Props {
  rung: Rung
  bases: string[]
  recipients: Rung['who'][]
  isFixed: boolean
  onChange: (part: Partial<Rung>) => void
  onRemove: () => void
}

/** One rung as a sentence: who is told, how long after what. */
export function RungRow({ rung, bases, recipients, isFixed, onChange, onRemove }: Props) {
  const { t } = useTranslation()
  const id = useId()
  const name = word(t, `ladders.rungs.${rung.key}`, rung.key)
  const options = <T extends string>(values: readonly T[], group: 'how' | 'who' | 'base') =>
    values.map((value) => ({ value, label: word(t, `ladders.${group}.${value}`, value) }))
  return (
    <fieldset className={styles.rung} style={{ border: 0, margin: 0, borderBottom: '1px solid var(--cd-line)' }}>
      <legend className="visually-hidden">{name}</legend>
      <div className={styles.who}>
        <label className={styles.label} htmlFor={`${id}-who`}>
          {name} · {t('ladders.whoLabel')}
        </label>
        <Select
          id={`${id}-who`}
          style={{ width: '100%' }}
          disabled={isFixed}
          value={rung.who}
          options={options(recipients, 'who')}
          onChange={(who) => onChange({ who })}
        />
      </div>
      <div className={styles.how}>
        <label className={styles.label} htmlFor={`${id}-how`}>
          {t('ladders.howLabel')}
        </label>
        <Select
          id={`${id}-how`}
          style={{ width: '100%' }}
          value={rung.how}
          options={options(isFixed ? ELAPSED : HOW, 'how')}
          onChange={(how) => onChange({ how })}
        />
      </div>
      <div>
        <label className={styles.label} htmlFor={`${id}-amount`}>
          {t('ladders.amount')}
        </label>
        <InputNumber
          id={`${id}-amount`}
          style={{ width: '100%' }}
          min={1}
          max={100_000}
          precision={0}
          value={rung.amount}
          onChange={(amount) => onChange({ amount: amount ?? 0 })}
        />
      </div>
      <div className={styles.base}>
        <label className={styles.label} htmlFor={`${id}-base`}>
          {t('ladders.baseLabel')}
        </label>
        <Select
          id={`${id}-base`}
          style={{ width: '100%' }}
          disabled={isFixed}
          value={rung.base}
          options={options(bases, 'base')}
          onChange={(base) => onChange({ base })}
        />
      </div>
      {!isFixed && (
        <>
          <Button
            className={styles.remove ?? ''}
            type="text"
            icon={<DeleteOutlined aria-hidden />}
            aria-label={t('ladders.remove', { name })}
            onClick={onRemove}
          />
          <Checkbox
            className={styles.urgent ?? ''}
            checked={rung.is_urgent}
            onChange={(event) => onChange({ is_urgent: event.target.checked })}
          >
            {t('ladders.urgent')}
          </Checkbox>
        </>
      )}
    </fieldset>
  )
}
