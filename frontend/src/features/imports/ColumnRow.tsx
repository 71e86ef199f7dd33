import { Form, Select } from 'antd'
import { useTranslation } from 'react-i18next'
import { word } from '@/lib/words'
import styles from './imports.module.css'

interface Props {
  place: number
  label: string
  samples: string[]
  fields: { key: string; takes_many: boolean }[]
}

/** One column of the file: its header, what stands below it, and the field that it fills. */
export function ColumnRow({ place, label, samples, fields }: Props) {
  const { t } = useTranslation()
  const name = label || t('imports.unnamedColumn', { number: place + 1 })
  const options = [
    { value: '', label: t('imports.leaveOut') },
    ...fields.map(({ key }) => ({ value: key, label: word(t, `imports.fields.${key}`, key) })),
    { value: 'extra', label: t('imports.extra') },
  ]
  return (
    <li className={styles.column}>
      <div className={styles.words}>
        <p className={styles.rowName}>{name}</p>
        <p className={styles.samples}>{samples.join('，') || t('imports.noSamples')}</p>
      </div>
      <Form.Item name={['columns', place]} noStyle>
        <Select
          aria-label={t('imports.fieldOf', { column: name })}
          showSearch={{ optionFilterProp: 'label' }}
          options={options}
          className={styles.field}
        />
      </Form.Item>
    </li>
  )
}
