import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Alert, App, Button, Flex } from 'antd'
import { useTranslation } from 'react-i18next'
import { sayProblem } from '@/lib/formProblem'
import { calendarKeys, calendarWarningsQuery, confirmCalendarYear, confirmedYearsQuery } from './api'
import styles from './CalendarPage.module.css'

interface Props {
  month: string
  onGo: (year: number) => void
}

/** Years without holidays, before deadlines are computed in them; and that somebody has confirmed the year on view. */
export function CalendarYears({ month, onGo }: Props) {
  const { t } = useTranslation()
  const { modal, message } = App.useApp()
  const client = useQueryClient()
  const warnings = useQuery(calendarWarningsQuery)
  const confirmed = useQuery(confirmedYearsQuery)
  const shown = Number(month.slice(0, 4))
  const confirm = useMutation({
    mutationFn: confirmCalendarYear,
    onSuccess: (_, { is_confirmed }) => {
      void message.success(t(is_confirmed ? 'calendar.confirmed' : 'calendar.unconfirmed'))
      return Promise.all([
        client.invalidateQueries({ queryKey: calendarKeys.all }),
        client.invalidateQueries({ queryKey: ['today'] }),
      ])
    },
    onError: (error) => sayProblem(message, t, error),
  })
  const ask = (year: number): void => {
    modal.confirm({
      title: t('calendar.confirmAsk', { year }),
      content: t('calendar.confirmHelp', { year }),
      okText: t('calendar.confirm'),
      onOk: () => confirm.mutateAsync({ year, is_confirmed: true }),
    })
  }
  return (
    <>
      {warnings.data?.items.map(({ year }) => (
        <Alert
          key={year}
          type="warning"
          showIcon
          className={styles.warning ?? ''}
          title={t('calendar.missingTitle', { year })}
          description={
            <>
              <p>{t('calendar.missingText', { year })}</p>
              <Flex gap={8} wrap className={styles.actions ?? ''}>
                <Button onClick={() => onGo(year)}>{t('calendar.goTo', { year })}</Button>
                <Button onClick={() => ask(year)}>{t('calendar.confirmYear', { year })}</Button>
              </Flex>
            </>
          }
        />
      ))}
      {confirmed.data?.items.includes(shown) && (
        <Alert
          type="info"
          showIcon
          className={styles.warning ?? ''}
          title={t('calendar.confirmedTitle', { year: shown })}
          action={
            <Button loading={confirm.isPending} onClick={() => confirm.mutate({ year: shown, is_confirmed: false })}>
              {t('calendar.unconfirm')}
            </Button>
          }
        />
      )}
    </>
  )
}
