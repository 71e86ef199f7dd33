import { useQuery } from '@tanstack/react-query'
import { Button, Form, InputNumber, Radio, Select, Switch } from 'antd'
import { useTranslation } from 'react-i18next'
import { ApiProblem } from '@/api/problem'
import type { ImportRun, ImportSettings } from '@/api/types'
import { Card } from '@/components/Card'
import { word } from '@/lib/words'
import { mappingsQuery, type Register, setSettings, takeStep, targetsQuery } from './api'
import { ColumnRow } from './ColumnRow'
import styles from './imports.module.css'
import { useStep } from './steps'

/** How the file is read: where its header is, what each column means, and what to do with what exists. */
export function MappingStep({ run, onBack }: { run: ImportRun; onBack?: () => void }) {
  const { t } = useTranslation()
  const [form] = Form.useForm<ImportSettings>()
  const targets = useQuery(targetsQuery)
  const kept = useQuery(mappingsQuery(run.target))
  const save = useStep(run.id, (settings: ImportSettings) => setSettings(run.id, settings))
  const discard = useStep(run.id, () => takeStep(run.id, 'discard'))
  const settings = run.settings as unknown as ImportSettings
  const target = targets.data?.items.find(({ key }) => key === run.target)
  const fields = target?.fields ?? []
  const register = run.target as Register
  const mode = Form.useWatch('mode', form) ?? settings.mode
  const fitting = (kept.data?.items ?? []).filter((one) => columnsOf(one.settings).length === run.labels.length)
  const errors = save.error instanceof ApiProblem ? save.error.errors : []
  return (
    <Form
      form={form}
      layout="vertical"
      initialValues={settings}
      onFinish={() => save.mutate({ ...settings, ...form.getFieldsValue(true) })}
      className={styles.stack}
    >
      <Card title={t('imports.columnsTitle')}>
        <p className={styles.soft}>{t('imports.columnsHelp')}</p>
        {fitting.length > 0 && (
          <Select
            aria-label={t('imports.useMapping')}
            className={styles.kept}
            placeholder={t('imports.useMapping')}
            options={fitting.map((one) => ({ value: one.id, label: one.name }))}
            onChange={(id) => {
              const found = fitting.find((one) => one.id === id)
              if (found)
                form.setFieldsValue({ ...found.settings, header_row: run.header_row, header_rows: run.header_rows })
            }}
          />
        )}
        <ol className={styles.columns}>
          {run.labels.map((label, place) => (
            <ColumnRow
              // biome-ignore lint/suspicious/noArrayIndexKey: a column is its place in the file
              key={place}
              place={place}
              label={label}
              samples={run.samples.map((row) => row[place] ?? '').filter(Boolean)}
              fields={fields}
            />
          ))}
        </ol>
        <div className={styles.pair}>
          <Form.Item name="header_row" label={t('imports.headerRow')} extra={t('imports.headerRowHelp')}>
            <InputNumber min={0} max={1_000_000} precision={0} />
          </Form.Item>
          <Form.Item name="header_rows" label={t('imports.headerRows')}>
            <InputNumber min={0} max={2} precision={0} />
          </Form.Item>
        </div>
      </Card>
      <Card title={t('imports.howTitle')}>
        <Form.Item name="mode" label={t('imports.mode')}>
          <Radio.Group
            options={(['create', 'update'] as const).map((value) => ({
              value,
              label: t(`imports.modes.${register}.${value}`),
            }))}
          />
        </Form.Item>
        {mode === 'update' && (
          <>
            <Form.Item name="overwrite" label={t('imports.overwrite')}>
              <Radio.Group
                options={(['empty', 'all'] as const).map((value) => ({
                  value,
                  label: t(`imports.overwrites.${value}`),
                }))}
              />
            </Form.Item>
            <Form.Item name="create_missing" label={t(`imports.createMissing.${register}`)} valuePropName="checked">
              <Switch />
            </Form.Item>
          </>
        )}
        {mode === 'create' && target?.may_double && (
          <Form.Item name="on_duplicate" label={t('imports.onDuplicate')}>
            <Radio.Group
              options={(['skip', 'create'] as const).map((value) => ({
                value,
                label: t(`imports.duplicate.${value}`),
              }))}
            />
          </Form.Item>
        )}
        {register !== 'products' && (
          <Form.Item name="assignment" label={t(`imports.assignment.${register}`)}>
            <Radio.Group
              className={styles.choices}
              options={(target?.assignments ?? []).map((value) => ({
                value,
                label: t(`imports.assignments.${value}`),
              }))}
            />
          </Form.Item>
        )}
        {register === 'leads' && (
          <Form.Item
            name="needs_first_contact"
            label={t('imports.needsFirstContact')}
            extra={t('imports.needsFirstContactHelp')}
            valuePropName="checked"
          >
            <Switch />
          </Form.Item>
        )}
        {register === 'customers' && mode === 'update' && <p className={styles.soft}>{t('imports.needsApproval')}</p>}
        {errors.length > 0 && (
          <ul className={styles.faults} role="alert">
            {errors.map((error) => (
              <li key={error.pointer + error.code}>{word(t, `imports.faults.${error.code}`, error.detail)}</li>
            ))}
          </ul>
        )}
        <div className={styles.actions}>
          <Button type="primary" htmlType="submit" loading={save.isPending}>
            {t('imports.check')}
          </Button>
          {onBack && <Button onClick={onBack}>{t('common.back')}</Button>}
          <Button danger type="text" loading={discard.isPending} onClick={() => discard.mutate(undefined)}>
            {t('imports.discard')}
          </Button>
        </div>
      </Card>
    </Form>
  )
}

const columnsOf = (settings: unknown): string[] => (settings as Partial<ImportSettings>).columns ?? []
