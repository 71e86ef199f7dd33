import { DeleteOutlined, PlusOutlined } from '@ant-design/icons'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { App, Button, Form, Input, Select } from 'antd'
import { useTranslation } from 'react-i18next'
import type { WorkingWindow } from '@/api/types'
import { CardSkeletons, ErrorState } from '@/components/states'
import { asLanguage } from '@/i18n/i18n'
import { showProblem } from '@/lib/formProblem'
import { calendarKeys, saveWorkingHours, workingHoursQuery } from './api'
import styles from './CalendarPage.module.css'
import { weekdayNames } from './calendarMonth'

/** A row says when work begins and ends; `other` stands for the working days that have no row of their own. */
interface Row {
  weekday: number | 'other'
  opens: string
  closes: string
}

const toRow = ({ weekday, ...times }: WorkingWindow): Row => ({ weekday: weekday ?? 'other', ...times })
const toWindow = ({ weekday, ...times }: Row): WorkingWindow => ({
  weekday: weekday === 'other' ? null : weekday,
  ...times,
})

export function WorkingHours() {
  const { t } = useTranslation()
  const hours = useQuery(workingHoursQuery)
  return (
    <section className={styles.card} aria-label={t('calendar.hours')} style={{ marginTop: 16 }}>
      <h2 className={styles.month} style={{ textAlign: 'start' }}>
        {t('calendar.hours')}
      </h2>
      <p className={styles.about}>{t('calendar.hoursHelp')}</p>
      {hours.isPending && <CardSkeletons count={1} />}
      {hours.isError && <ErrorState error={hours.error} onRetry={() => void hours.refetch()} />}
      {hours.data && <HoursForm key={JSON.stringify(hours.data.items)} items={hours.data.items} />}
    </section>
  )
}

function HoursForm({ items }: { items: WorkingWindow[] }) {
  const { t, i18n } = useTranslation()
  const { message } = App.useApp()
  const client = useQueryClient()
  const [form] = Form.useForm<{ rows: Row[] }>()
  const known = items.map(toRow)
  const typed: Row[] = Form.useWatch('rows', form) ?? known
  const save = useMutation({
    mutationFn: (rows: Row[]) => saveWorkingHours(rows.map(toWindow)),
    onSuccess: () => {
      void message.success(t('calendar.saved'))
      return Promise.all(
        [calendarKeys.all, ['changes'], ['today']].map((queryKey) => client.invalidateQueries({ queryKey })),
      )
    },
    onError: (error) => showProblem(form, message, t, error),
  })
  const days = [
    { value: 'other' as const, label: t('calendar.otherDays') },
    ...weekdayNames(asLanguage(i18n.language)).map(({ long }, value) => ({ value, label: long })),
  ]
  const isAfter = (place: number) => async (_: unknown, closes?: string) => {
    const opens: string | undefined = form.getFieldValue(['rows', place, 'opens'])
    if (opens && closes && closes !== '00:00' && closes <= opens) throw new Error(t('calendar.hoursOrder'))
  }
  const required = { required: true, message: t('people.required') }
  return (
    <Form form={form} initialValues={{ rows: known }} onFinish={({ rows }) => save.mutate(rows)}>
      <Form.List name="rows">
        {(fields, { add, remove }) => (
          <>
            {fields.map(({ key, name }) => (
              <div key={key} className={styles.hours}>
                <Form.Item name={[name, 'weekday']} rules={[required]}>
                  <Select aria-label={t('calendar.weekday')} options={days} />
                </Form.Item>
                <Form.Item name={[name, 'opens']} rules={[required]}>
                  <Input type="time" aria-label={t('calendar.opens')} />
                </Form.Item>
                <Form.Item
                  name={[name, 'closes']}
                  dependencies={[['rows', name, 'opens']]}
                  rules={[required, { validator: isAfter(name) }]}
                >
                  <Input type="time" aria-label={t('calendar.closes')} />
                </Form.Item>
                <Button
                  type="text"
                  icon={<DeleteOutlined aria-hidden />}
                  aria-label={t('calendar.removeHours')}
                  disabled={fields.length === 1}
                  onClick={() => remove(name)}
                />
              </div>
            ))}
            <Button
              block
              type="dashed"
              icon={<PlusOutlined aria-hidden />}
              onClick={() => add({ weekday: 'other', opens: '', closes: '' })}
            >
              {t('calendar.addHours')}
            </Button>
          </>
        )}
      </Form.List>
      <Button
        type="primary"
        htmlType="submit"
        size="large"
        style={{ marginTop: 12 }}
        disabled={JSON.stringify(typed) === JSON.stringify(known)}
        loading={save.isPending}
      >
        {t('calendar.saveHours')}
      </Button>
    </Form>
  )
}
