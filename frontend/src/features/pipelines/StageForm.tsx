import { Button, Checkbox, Input, InputNumber, Select } from 'antd'
import { useTranslation } from 'react-i18next'
import type { StageContent } from '@/api/types'
import { ConditionList } from './ConditionList'
import { percentOf, rateOf } from './document'
import { Field } from './Field'
import { useFault } from './faults'
import { MilestoneList } from './MilestoneList'
import styles from './pipelines.module.css'

const PHASES = ['capture', 'needs', 'proposal', 'contract', 'delivery'] as const

interface Props {
  stage: StageContent
  path: string
  /** Nobody has saved it yet: it can go again. */
  isNew: boolean
  onChange: (part: Partial<StageContent>) => void
  onDrop: () => void
}

/** Everything that a stage says of itself and asks for. */
export function StageForm({ stage, path, isNew, onChange, onDrop }: Props) {
  const { t } = useTranslation()
  const isOpen = stage.kind === 'open'
  const useFaultWords = useFault(`${path}/is_active`)
  const days = (name: 'dwell_min_days' | 'dwell_max_days', label: string) => (
    <Field label={label} path={`${path}/${name}`}>
      {(control) => (
        <InputNumber
          {...control}
          min={0}
          max={3650}
          precision={0}
          value={stage[name]}
          onChange={(value) => onChange({ [name]: value })}
        />
      )}
    </Field>
  )
  return (
    <div className={styles.form}>
      <div className={styles.pair}>
        {(['name_zh', 'name_en'] as const).map((name) => (
          <Field
            key={name}
            label={t(name === 'name_zh' ? 'pipeline.nameZh' : 'pipeline.nameEn')}
            path={`${path}/${name}`}
          >
            {(control) => (
              <Input
                {...control}
                maxLength={200}
                autoComplete="off"
                value={stage[name]}
                onChange={({ target }) => onChange({ [name]: target.value })}
              />
            )}
          </Field>
        ))}
        <Field label={t('pipeline.phase')} path={`${path}/phase`}>
          {(control) => (
            <Select
              {...control}
              value={stage.phase}
              options={PHASES.map((value) => ({ value, label: t(`pipeline.phases.${value}`) }))}
              onChange={(phase) => onChange({ phase })}
            />
          )}
        </Field>
        {isOpen && (
          <Field label={t('pipeline.rate')} path={`${path}/baseline_rate`} help={t('pipeline.rateHelp')}>
            {(control) => (
              <InputNumber
                {...control}
                min={0.01}
                max={100}
                precision={2}
                suffix="%"
                value={percentOf(stage.baseline_rate)}
                onChange={(percent) => onChange({ baseline_rate: rateOf(percent) })}
              />
            )}
          </Field>
        )}
        {days('dwell_min_days', t('pipeline.dwellMin'))}
        {days('dwell_max_days', t('pipeline.dwellMax'))}
      </div>
      {isOpen && (
        <div className={styles.checks}>
          <Checkbox
            checked={stage.may_be_skipped}
            onChange={({ target }) => onChange({ may_be_skipped: target.checked })}
          >
            {t('pipeline.maySkip')}
          </Checkbox>
          <Checkbox
            checked={stage.may_be_returned_to}
            onChange={({ target }) => onChange({ may_be_returned_to: target.checked })}
          >
            {t('pipeline.mayReturn')}
          </Checkbox>
        </div>
      )}
      <NextStep stage={stage} path={path} onChange={onChange} />
      <ConditionList
        label={t('pipeline.entry')}
        path={`${path}/entry`}
        conditions={stage.entry}
        onChange={(entry) => onChange({ entry })}
      />
      {stage.kind !== 'closed' && (
        <ConditionList
          label={t('pipeline.exit')}
          path={`${path}/exit`}
          conditions={stage.exit}
          onChange={(exit) => onChange({ exit })}
        />
      )}
      {stage.kind === 'delivery' && (
        <MilestoneList
          path={`${path}/milestones`}
          milestones={stage.milestones}
          onChange={(milestones) => onChange({ milestones })}
        />
      )}
      {useFaultWords && (
        <p role="alert" className={styles.fault}>
          {useFaultWords}
        </p>
      )}
      {isNew ? (
        <Button danger onClick={onDrop}>
          {t('pipeline.dropStage')}
        </Button>
      ) : (
        isOpen && (
          <div>
            <Button onClick={() => onChange({ is_active: !stage.is_active })}>
              {t(stage.is_active ? 'pipeline.takeOut' : 'pipeline.putBack')}
            </Button>
            <p className={styles.soft}>{t('pipeline.takeOutHelp')}</p>
          </div>
        )
      )}
    </div>
  )
}

/** FLOW-2: the to-do that entering the stage makes. */
function NextStep({ stage, path, onChange }: Pick<Props, 'stage' | 'path' | 'onChange'>) {
  const { t } = useTranslation()
  const step = stage.next_step
  return (
    <div>
      <Checkbox
        checked={step !== null}
        onChange={({ target }) =>
          onChange({ next_step: target.checked ? { title: '', within_working_days: 2 } : null })
        }
      >
        {t('pipeline.hasNextStep')}
      </Checkbox>
      {step && (
        <div className={styles.step}>
          <Field label={t('pipeline.nextStep')} path={`${path}/next_step/title`}>
            {(control) => (
              <Input
                {...control}
                maxLength={200}
                value={step.title}
                onChange={({ target }) => onChange({ next_step: { ...step, title: target.value } })}
              />
            )}
          </Field>
          <Field label={t('pipeline.nextStepDays')} path={`${path}/next_step/within_working_days`}>
            {(control) => (
              <InputNumber
                {...control}
                min={1}
                max={365}
                precision={0}
                value={step.within_working_days}
                onChange={(value) => onChange({ next_step: { ...step, within_working_days: value ?? 1 } })}
              />
            )}
          </Field>
        </div>
      )}
    </div>
  )
}
