import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { App, Button, Form, Input } from 'antd'
import type { TFunction } from 'i18next'
import { useTranslation } from 'react-i18next'
import { isGone } from '@/api/client'
import { moveOpportunity, opportunityChanged, opportunityQuery, pipelineQuery } from '@/api/opportunities'
import type { MoveTo, Opportunity, StageRef, Way } from '@/api/types'
import { ChoiceGrid } from '@/components/ChoiceGrid'
import { Sheet } from '@/components/Sheet'
import type { Opening } from '@/components/sheetHost'
import { CardSkeletons, EmptyState, ErrorState } from '@/components/states'
import { asLanguage } from '@/i18n/i18n'
import { showProblem } from '@/lib/formProblem'
import { noteUse } from '@/lib/usage'
import { MissingList } from './MissingList'
import { stageName } from './opportunityWords'

const LOSSES = [
  'price',
  'delivery_time',
  'technical',
  'competitor',
  'no_budget',
  'no_answer',
  'cancelled',
  'other',
] as const

interface Fields {
  stage: string
  outcome?: 'won' | 'lost'
  loss_reason?: (typeof LOSSES)[number]
  reason?: string
}

interface Props extends Opening {
  id: string
  name: string
  /** The stage that was meant. */
  stage?: string | undefined
}

/** To another stage without dragging: what each asks for, why it goes this way, how it ended. */
export function MoveSheet({ id, name, stage, open, onClose }: Props) {
  const { t } = useTranslation()
  const deal = useQuery({ ...opportunityQuery(id), enabled: open })
  const pipeline = useQuery({ ...pipelineQuery(deal.data?.pipeline_id ?? ''), enabled: deal.data !== undefined })
  const failed = [deal, pipeline].find((query) => query.isError && !query.data)
  if (deal.data && pipeline.data)
    return (
      <MoveForm
        key={deal.data.version}
        deal={deal.data}
        closed={pipeline.data.stages.find(({ kind }) => kind === 'closed')}
        stage={stage}
        open={open}
        onClose={onClose}
      />
    )
  return (
    <Sheet open={open} onClose={onClose} title={`${t('board.move')} · ${name}`}>
      {!failed && <CardSkeletons count={2} />}
      {failed && isGone(failed.error) && <EmptyState title={t('opportunity.gone')} text={t('opportunity.goneHelp')} />}
      {failed && !isGone(failed.error) && <ErrorState error={failed.error} onRetry={() => void failed.refetch()} />}
    </Sheet>
  )
}

interface FormProps extends Opening {
  deal: Opportunity
  closed: StageRef | undefined
  stage: string | undefined
}

/** Where an open deal can go: the ways that the server knows, and always to its end. */
function targetsOf(deal: Opportunity, closed: StageRef | undefined): StageRef[] {
  const reached = deal.ways.map((way) => way.stage)
  const endsHere = closed && deal.state === 'open' && !reached.some(({ key }) => key === closed.key)
  return endsHere ? [...reached, closed] : reached
}

function MoveForm({ deal, closed, stage, open, onClose }: FormProps) {
  const { t, i18n } = useTranslation()
  const { message } = App.useApp()
  const client = useQueryClient()
  const [form] = Form.useForm<Fields>()
  const language = asLanguage(i18n.language)
  const targets = targetsOf(deal, closed)
  const first = targets.find(({ key }) => key === stage) ?? nextOf(deal) ?? targets[0]
  const chosen = Form.useWatch('stage', form) ?? first?.key
  const outcome = Form.useWatch('outcome', form)
  const target = targets.find(({ key }) => key === chosen)
  const way = deal.ways.find((one) => one.stage.key === chosen)
  const isClosing = target?.kind === 'closed'
  const isLost = isClosing && outcome === 'lost'
  const missing = isLost || (isClosing && outcome === undefined) ? [] : (way?.missing ?? [])
  const cannotWin = isClosing && outcome === 'won' && !way
  const save = useMutation({
    mutationFn: (body: MoveTo) => moveOpportunity(deal.id, body, deal.version),
    onSuccess: async (moved) => {
      noteUse('opportunity.move')
      void message.success(saidOf(t, moved, target && stageName(target, language)))
      onClose()
      await opportunityChanged(client)
    },
    onError: (error) => {
      showProblem(form, message, t, error)
      void opportunityChanged(client)
    },
  })
  const choices = targets.map((one) => ({
    value: one.key,
    label: labelOf(
      stageName(one, language),
      deal.ways.find((way) => way.stage.key === one.key),
      (count) => t('board.lacks', { count }),
    ),
  }))
  return (
    <Sheet
      open={open}
      onClose={onClose}
      title={`${t('board.move')} · ${deal.name}`}
      footer={
        <Button
          type="primary"
          size="large"
          block
          danger={isLost}
          disabled={missing.length > 0 || cannotWin || !target}
          loading={save.isPending}
          onClick={() => form.submit()}
        >
          {isLost ? t('board.lose') : t('board.confirm', { stage: target ? stageName(target, language) : '' })}
        </Button>
      }
    >
      <Form
        form={form}
        layout="vertical"
        requiredMark={false}
        initialValues={{ stage: first?.key }}
        onFinish={({ stage: to, reason, ...rest }) =>
          save.mutate({ ...(isClosing ? rest : {}), stage: to, reason: reason?.trim() ?? '' })
        }
      >
        <Form.Item name="stage" label={t('board.moveTo')}>
          <ChoiceGrid name="stage" label={t('board.moveTo')} columns={1} choices={choices} />
        </Form.Item>
        {isClosing && (
          <Form.Item
            name="outcome"
            label={t('board.outcome')}
            rules={[{ required: true, message: t('board.outcome') }]}
          >
            <ChoiceGrid
              name="outcome"
              label={t('board.outcome')}
              choices={[
                { value: 'won', label: t('board.win') },
                { value: 'lost', label: t('board.lose') },
              ]}
            />
          </Form.Item>
        )}
        {cannotWin && <p role="alert">{t('problem.no_skip.title')}</p>}
        {isLost && (
          <Form.Item
            name="loss_reason"
            label={t('board.lossReason')}
            rules={[{ required: true, message: t('board.lossReasonNeeded') }]}
          >
            <ChoiceGrid
              name="loss_reason"
              label={t('board.lossReason')}
              choices={LOSSES.map((value) => ({ value, label: t(`opportunity.losses.${value}`) }))}
            />
          </Form.Item>
        )}
        {missing.length > 0 && <MissingList deal={deal} missing={missing} onLeave={onClose} />}
        {missing.length === 0 && (way?.needs_reason || isClosing) && (
          <Form.Item
            name="reason"
            label={way?.needs_reason && !isLost ? t('board.why') : t('board.note')}
            rules={
              way?.needs_reason && !isLost ? [{ required: true, whitespace: true, message: t('board.whyNeeded') }] : []
            }
            style={{ marginBottom: 0 }}
          >
            <Input.TextArea
              autoSize={{ minRows: 2, maxRows: 5 }}
              maxLength={500}
              placeholder={isClosing ? t('board.noteHint') : t('board.whyHint')}
            />
          </Form.Item>
        )}
      </Form>
    </Sheet>
  )
}

const nextOf = (deal: Opportunity): StageRef | undefined =>
  deal.ways.find(({ move }) => move === 'forward' || move === 'won' || move === 'reopened')?.stage

function labelOf(name: string, way: Way | undefined, lacks: (count: number) => string): string {
  return way && way.missing.length > 0 ? `${name} · ${lacks(way.missing.length)}` : name
}

function saidOf(t: TFunction, moved: Opportunity, stage = ''): string {
  if (moved.state === 'won') return t('board.won')
  return moved.state === 'lost' ? t('board.lost') : t('board.moved', { stage })
}
