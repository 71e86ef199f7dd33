import { DeleteOutlined, PlusOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { Button, Input, Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { word } from '@/lib/words'
import { formsQuery } from './api'
import { targetWords } from './faultWords'
import { EMPTY_ROW, type MappingRow } from './mappingRows'
import styles from './webhooks.module.css'

interface Props {
  rows: MappingRow[]
  onChange: (rows: MappingRow[]) => void
}

/** From the places of the body to the fields of the lead, line by line; of several lines for one field the first that gives a text wins. */
export function MappingTable({ rows, onChange }: Props) {
  const { t } = useTranslation()
  const forms = useQuery(formsQuery)
  const targets = (forms.data?.targets ?? []).map((value) => ({ value, label: targetWords(t, value) }))
  const transforms = (forms.data?.transforms ?? []).map((value) => ({
    value,
    label: word(t, `mapping.transforms.${value}`, value),
  }))
  const change = (place: number, part: Partial<MappingRow>): void =>
    onChange(rows.map((row, index) => (index === place ? { ...row, ...part } : row)))
  return (
    <div className={styles.rows}>
      <div className={`${styles.row} ${styles.rowHead}`} aria-hidden>
        <span>{t('mapping.path')}</span>
        <span>{t('mapping.target')}</span>
        <span>{t('mapping.transform')}</span>
        <span>{t('mapping.fallback')}</span>
      </div>
      {rows.map((row, place) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: lines have no identity of their own
        <div key={place} className={styles.row}>
          <Input
            value={row.path}
            aria-label={t('mapping.path')}
            placeholder={t('mapping.pathPlaceholder')}
            maxLength={200}
            onChange={(event) => change(place, { path: event.target.value })}
          />
          <TargetSelect value={row.target} targets={targets} onChange={(target) => change(place, { target })} />
          <Select
            mode="multiple"
            value={row.transforms}
            aria-label={t('mapping.transform')}
            placeholder={t('mapping.transform')}
            options={transforms}
            onChange={(next: string[]) => change(place, { transforms: next })}
          />
          <Input
            value={row.fallback}
            aria-label={t('mapping.fallback')}
            placeholder={t('mapping.fallback')}
            maxLength={200}
            onChange={(event) => change(place, { fallback: event.target.value })}
          />
          <Button
            type="text"
            icon={<DeleteOutlined aria-hidden />}
            aria-label={t('mapping.remove', { path: row.path || row.target })}
            onClick={() => onChange(rows.filter((_, index) => index !== place))}
          />
        </div>
      ))}
      <Button block type="dashed" icon={<PlusOutlined aria-hidden />} onClick={() => onChange([...rows, EMPTY_ROW])}>
        {t('mapping.add')}
      </Button>
    </div>
  )
}

interface TargetProps {
  value: string
  targets: { value: string; label: string }[]
  onChange: (target: string) => void
}

const CUSTOM = 'custom.'

/** A field of the lead, or one of the company's own by the name that is typed. */
function TargetSelect({ value, targets, onChange }: TargetProps) {
  const { t } = useTranslation()
  const [q, setQ] = useState('')
  const asCustom = (name: string) => ({ value: CUSTOM + name, label: t('mapping.custom', { name }) })
  const typed = q.trim().replace(CUSTOM, '')
  const own = [value.startsWith(CUSTOM) ? value.slice(CUSTOM.length) : '', typed].filter((name) => name !== '')
  return (
    <Select<string>
      value={value || null}
      aria-label={t('mapping.target')}
      placeholder={t('mapping.target')}
      showSearch={{ onSearch: setQ, optionFilterProp: 'label' }}
      options={[...targets, ...[...new Set(own)].map(asCustom)]}
      onChange={onChange}
    />
  )
}
