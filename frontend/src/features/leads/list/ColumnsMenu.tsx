import { SettingOutlined } from '@ant-design/icons'
import { Button, Checkbox, Popover } from 'antd'
import { useTranslation } from 'react-i18next'
import { COLUMNS, type Column, columnsOf, join, type LeadsSearch } from '@/lib/leadSearch'
import styles from './LeadTools.module.css'

interface Props {
  search: LeadsSearch
  onChange: (more: LeadsSearch) => void
}

/** Which columns the table has; the company is always there, since it is the way into the lead. */
export function ColumnsMenu({ search, onChange }: Props) {
  const { t } = useTranslation()
  const chosen = columnsOf(search)
  const choose = (columns: Column[]): void =>
    onChange({ columns: join(COLUMNS.filter((column) => column === 'company' || columns.includes(column))) })
  return (
    <Popover
      trigger="click"
      placement="bottomRight"
      content={
        <Checkbox.Group<Column>
          className={styles.columns ?? ''}
          aria-label={t('leads.columns')}
          value={chosen}
          onChange={choose}
          options={COLUMNS.map((value) => ({
            value,
            label: t(`leads.columnNames.${value}`),
            disabled: value === 'company',
          }))}
        />
      }
    >
      <Button icon={<SettingOutlined aria-hidden />}>{t('leads.columns')}</Button>
    </Popover>
  )
}
