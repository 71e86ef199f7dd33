import { SettingOutlined } from '@ant-design/icons'
import { Button, Checkbox, Popover } from 'antd'
import { useTranslation } from 'react-i18next'
import styles from './ListTools.module.css'

interface Props<T extends string> {
  /** All there are; the first is always there, since it is the way into the record. */
  columns: readonly T[]
  chosen: T[]
  name: (column: T) => string
  onChoose: (columns: T[]) => void
}

/** Which columns the table has. */
export function ColumnsMenu<T extends string>({ columns, chosen, name, onChoose }: Props<T>) {
  const { t } = useTranslation()
  return (
    <Popover
      trigger="click"
      placement="bottomRight"
      content={
        <Checkbox.Group<T>
          className={styles.columns ?? ''}
          aria-label={t('list.columns')}
          value={chosen}
          onChange={(next) => onChoose(columns.filter((column) => column === columns[0] || next.includes(column)))}
          options={columns.map((value) => ({ value, label: name(value), disabled: value === columns[0] }))}
        />
      }
    >
      <Button icon={<SettingOutlined aria-hidden />}>{t('list.columns')}</Button>
    </Popover>
  )
}
