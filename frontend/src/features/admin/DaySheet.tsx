import { useMutation, useQueryClient } from '@tanstack/react-query'
import { App, Button, Flex, Form, Input } from 'antd'
import { useTranslation } from 'react-i18next'
import { ChoiceGrid } from '@/components/ChoiceGrid'
import { Sheet } from '@/components/Sheet'
import { asLanguage } from '@/i18n/i18n'
import { showProblem } from '@/lib/formProblem'
import { calendarKeys, saveCalendarDays, withdrawCalendarDays } from './api'
import { datesBetween, dayTitle, MOST_DAYS, type MonthDay } from './calendarMonth'

interface Fields {
  first: string
  last: string
  kind: 'off' | 'worked'
  name: string
}

const FIELDS = ['first', 'last', 'kind', 'name'] as const

interface Props {
  day: MonthDay
  open: boolean
  onClose: () => void
}

/** Says what the day is now; nothing can be saved that changes nothing. */
export function DaySheet({ day, open, onClose }: Props) {
  const { date, exception: known } = day
  const { t, i18n } = useTranslation()
  const { message } = App.useApp()
  const client = useQueryClient()
  const [form] = Form.useForm<Fields>()
  const now: Fields = { first: date, last: date, kind: day.isWorkday ? 'worked' : 'off', name: known?.name ?? '' }
  const typed = Form.useWatch([], form)
  const isChanged = typed !== undefined && FIELDS.some((field) => typed[field] !== now[field])
  const done = (said: string) => {
    void message.success(said)
    onClose()
    return Promise.all([
      client.invalidateQueries({ queryKey: calendarKeys.all }),
      client.invalidateQueries({ queryKey: ['today'] }),
    ])
  }
  const failed = (error: Error) => showProblem(form, message, t, error)
  const save = useMutation({
    mutationFn: ({ first, last, kind, name }: Fields) =>
      saveCalendarDays(datesBetween(first, last).map((day) => ({ date: day, is_workday: kind === 'worked', name }))),
    onSuccess: () => done(t('calendar.saved')),
    onError: failed,
  })
  const withdraw = useMutation({
    mutationFn: withdrawCalendarDays,
    onSuccess: () => done(t('calendar.withdrawn')),
    onError: failed,
  })
  const takeBack = (): void => {
    form.validateFields(['first', 'last']).then(
      ({ first, last }) => withdraw.mutate(datesBetween(first, last)),
      () => undefined, // the fields say what is wrong
    )
  }
  const isSpan = async (_: unknown, last?: string): Promise<void> => {
    const count = datesBetween(form.getFieldValue('first') as string, last ?? '').length
    if (count === 0) throw new Error(t('calendar.order'))
    if (count > MOST_DAYS) throw new Error(t('calendar.tooLong', { count: MOST_DAYS }))
  }
  const required = { required: true, message: t('people.required') }
  return (
    <Sheet
      open={open}
      onClose={onClose}
      title={dayTitle(date, asLanguage(i18n.language))}
      footer={
        <Flex vertical gap={8}>
          <Button
            type="primary"
            size="large"
            block
            disabled={!isChanged}
            loading={save.isPending}
            onClick={() => form.submit()}
          >
            {t('common.save')}
          </Button>
          {known?.source === 'company' && (
            <Button size="large" block loading={withdraw.isPending} onClick={takeBack}>
              {t('calendar.withdraw')}
            </Button>
          )}
        </Flex>
      }
    >
      {known && (
        <p style={{ marginBottom: 16 }}>{t('calendar.now', { source: t(`calendar.sources.${known.source}`) })}</p>
      )}
      <Form
        form={form}
        layout="vertical"
        requiredMark={false}
        initialValues={now}
        onFinish={(fields) => save.mutate(fields)}
      >
        <Form.Item name="kind" label={t('calendar.kind')}>
          <ChoiceGrid
            name="calendar-kind"
            label={t('calendar.kind')}
            columns={2}
            choices={[
              { value: 'off', label: t('calendar.off') },
              { value: 'worked', label: t('calendar.worked') },
            ]}
          />
        </Form.Item>
        <Form.Item name="first" label={t('calendar.first')} rules={[required]}>
          <Input type="date" />
        </Form.Item>
        <Form.Item
          name="last"
          label={t('calendar.last')}
          dependencies={['first']}
          extra={t('calendar.lastHelp')}
          rules={[required, { validator: isSpan }]}
        >
          <Input type="date" />
        </Form.Item>
        <Form.Item name="name" label={t('calendar.name')}>
          <Input maxLength={200} placeholder={t('calendar.nameHint')} />
        </Form.Item>
      </Form>
    </Sheet>
  )
}
