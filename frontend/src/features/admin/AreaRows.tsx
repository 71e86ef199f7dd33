import { DeleteOutlined, PlusOutlined } from '@ant-design/icons'
import { Button, Form, Select } from 'antd'
import { useTranslation } from 'react-i18next'
import { type AreaRow, PROVINCES } from '@/lib/places'
import styles from './RegionsPage.module.css'

/** One row a province, with its cities or all of it. */
export function AreaRows() {
  const { t } = useTranslation()
  const rows: AreaRow[] = Form.useWatch('areas') ?? []
  const once = async (_: unknown, province?: string): Promise<void> => {
    if (province && rows.filter((row) => row?.province === province).length > 1)
      throw new Error(t('regions.provinceTwice'))
  }
  const rules = [{ required: true, message: t('people.required') }, { validator: once }]
  return (
    <fieldset style={{ margin: 0, padding: 0, border: 0 }}>
      <legend className={styles.legend}>{t('regions.areas')}</legend>
      <p className={styles.soft} style={{ margin: '2px 0 12px' }}>
        {t('regions.areasHelp')}
      </p>
      <Form.List name="areas">
        {(fields, { add, remove }) => (
          <>
            {fields.map(({ key, name }) => (
              <div key={key} className={styles.row}>
                <Form.Item name={[name, 'province']} rules={rules} style={{ marginBottom: 0 }}>
                  <Select
                    showSearch
                    aria-label={t('regions.province')}
                    placeholder={t('regions.province')}
                    options={PROVINCES.map((value) => ({ value, label: value }))}
                  />
                </Form.Item>
                <Form.Item name={[name, 'cities']} noStyle initialValue={[]}>
                  <Select
                    mode="tags"
                    open={false}
                    suffixIcon={null}
                    aria-label={t('regions.cities')}
                    placeholder={t('regions.cities')}
                  />
                </Form.Item>
                <Button
                  type="text"
                  icon={<DeleteOutlined aria-hidden />}
                  aria-label={t('regions.removeArea', { province: rows[name]?.province ?? '' })}
                  onClick={() => remove(name)}
                />
              </div>
            ))}
            <Button block type="dashed" icon={<PlusOutlined aria-hidden />} onClick={() => add({ cities: [] })}>
              {t('regions.addArea')}
            </Button>
          </>
        )}
      </Form.List>
    </fieldset>
  )
}
