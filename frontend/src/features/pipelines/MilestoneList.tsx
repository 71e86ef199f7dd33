import { ArrowDownOutlined, ArrowUpOutlined, DeleteOutlined, PlusOutlined } from '@ant-design/icons'
import { Button, Input, InputNumber } from 'antd'
import { useTranslation } from 'react-i18next'
import type { PlannedMilestone } from '@/api/types'
import { swapped, withOne } from './document'
import { Field } from './Field'
import { useFault } from './faults'
import styles from './pipelines.module.css'

const MOST = 20
const FIRST_DAYS = 15

interface Props {
  path: string
  milestones: PlannedMilestone[]
  onChange: (next: PlannedMilestone[]) => void
}

/** FLOW-8: what a signed contract promises unless it says otherwise, in the order of the work. */
export function MilestoneList({ path, milestones, onChange }: Props) {
  const { t } = useTranslation()
  const fault = useFault(path)
  const last = milestones.at(-1)
  return (
    <fieldset className={styles.conditions}>
      <legend className={styles.section}>{t('pipeline.milestones')}</legend>
      <p className={styles.soft}>{t(milestones.length > 0 ? 'pipeline.milestonesHelp' : 'pipeline.noMilestones')}</p>
      {fault && (
        <p role="alert" className={styles.fault}>
          {fault}
        </p>
      )}
      {milestones.map((milestone, place) => (
        <MilestoneRow
          // biome-ignore lint/suspicious/noArrayIndexKey: a milestone is nothing but its place in the list
          key={place}
          milestone={milestone}
          place={place}
          count={milestones.length}
          path={`${path}/${place}`}
          onChange={(changed) => onChange(withOne(milestones, place, changed))}
          onMove={(to) => onChange(swapped(milestones, place, to))}
        />
      ))}
      <Button
        size="small"
        type="dashed"
        icon={<PlusOutlined aria-hidden />}
        disabled={milestones.length >= MOST}
        onClick={() =>
          onChange([...milestones, { title: '', within_working_days: last?.within_working_days ?? FIRST_DAYS }])
        }
      >
        {t('pipeline.addMilestone')}
      </Button>
    </fieldset>
  )
}

interface RowProps {
  milestone: PlannedMilestone
  place: number
  count: number
  path: string
  onChange: (changed: PlannedMilestone | null) => void
  onMove: (to: number) => void
}

function MilestoneRow({ milestone, place, count, path, onChange, onMove }: RowProps) {
  const { t } = useTranslation()
  const number = t('pipeline.milestoneNumber', { number: place + 1 })
  const name = milestone.title.trim() || number
  return (
    <fieldset className={`${styles.condition} ${styles.milestone}`}>
      <legend className="visually-hidden">{number}</legend>
      <Field label={t('pipeline.milestone')} path={`${path}/title`}>
        {(control) => (
          <Input
            {...control}
            maxLength={200}
            autoComplete="off"
            value={milestone.title}
            onChange={({ target }) => onChange({ ...milestone, title: target.value })}
          />
        )}
      </Field>
      <Field label={t('pipeline.milestoneDays')} path={`${path}/within_working_days`}>
        {(control) => (
          <InputNumber
            {...control}
            min={1}
            max={730}
            precision={0}
            value={milestone.within_working_days}
            onChange={(days) => onChange({ ...milestone, within_working_days: days ?? 1 })}
          />
        )}
      </Field>
      <span className={styles.order}>
        <Button
          type="text"
          icon={<ArrowUpOutlined aria-hidden />}
          aria-label={t('pipeline.up', { name })}
          disabled={place === 0}
          onClick={() => onMove(place - 1)}
        />
        <Button
          type="text"
          icon={<ArrowDownOutlined aria-hidden />}
          aria-label={t('pipeline.down', { name })}
          disabled={place === count - 1}
          onClick={() => onMove(place + 1)}
        />
        <Button
          type="text"
          icon={<DeleteOutlined aria-hidden />}
          aria-label={t('pipeline.removeMilestone', { name })}
          onClick={() => onChange(null)}
        />
      </span>
    </fieldset>
  )
}
