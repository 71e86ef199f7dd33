import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { App, Button, Form, Input, Select, Switch } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { regionsQuery } from '@/api/people'
import type { Channel } from '@/api/types'
import { ColleagueSelect } from '@/components/ColleagueSelect'
import { newerState, StaleNotice } from '@/components/StaleNotice'
import { showProblem } from '@/lib/formProblem'
import { newKey } from '@/lib/keys'
import { indentedOption, type RegionOption, regionOptions } from '@/lib/regionTree'
import styles from './settings.module.css'
import { type ChannelFields, changeChannel, channelKeys, createChannel } from './settingsApi'

const NEW: ChannelFields = { name: '', region_id: null, person_id: null, keyword: '', is_active: true }

function toFields(channel: Channel | null): ChannelFields {
  if (!channel) return NEW
  const { name, region_id, keyword, is_active } = channel
  return { name, region_id, keyword, is_active, person_id: channel.person?.id ?? null }
}

interface Props {
  channel: Channel | null
  onSaved: (channel: Channel) => void
}

export function ChannelForm({ channel, onSaved }: Props) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const client = useQueryClient()
  const [form] = Form.useForm<ChannelFields>()
  const [key] = useState(newKey)
  const [version, setVersion] = useState(channel?.version ?? 1)
  const [theirs, setTheirs] = useState<Channel | null>(null)
  const regions = useQuery(regionsQuery)
  const isMail = channel?.kind === 'email'
  const save = useMutation({
    mutationFn: ({ fields, on }: { fields: ChannelFields; on: number }) => {
      const body = { ...fields, region_id: fields.region_id ?? null, person_id: fields.person_id ?? null }
      return channel ? changeChannel(channel.id, body, on) : createChannel(body, key)
    },
    onSuccess: (saved) => {
      void message.success(t('common.saved'))
      setVersion(saved.version)
      onSaved(saved)
      return client.invalidateQueries({ queryKey: channelKeys.all })
    },
    onError: (error) => {
      const current = newerState<Channel>(error)
      if (current) setTheirs(current)
      else showProblem(form, message, t, error)
    },
  })
  const rebase = (current: Channel): Channel => {
    setTheirs(null)
    setVersion(current.version)
    return current
  }
  return (
    <Form
      form={form}
      layout="vertical"
      initialValues={toFields(channel)}
      onFinish={(fields) => save.mutate({ fields, on: version })}
    >
      {theirs && (
        <StaleNotice
          onTakeTheirs={() => form.setFieldsValue(toFields(rebase(theirs)))}
          onKeepMine={() => save.mutate({ fields: form.getFieldsValue(true), on: rebase(theirs).version })}
        />
      )}
      <Form.Item
        name="name"
        label={t('channels.name')}
        rules={[{ required: true, whitespace: true, message: t('people.required') }]}
      >
        <Input maxLength={200} placeholder={t('channels.namePlaceholder')} />
      </Form.Item>
      {!isMail && (
        <>
          <Form.Item name="region_id" label={t('channels.region')} extra={t('channels.regionHelp')}>
            <Select<string, RegionOption>
              allowClear
              placeholder={t('channels.company')}
              options={regionOptions(regions.data?.items ?? [])}
              optionRender={indentedOption}
            />
          </Form.Item>
          <Form.Item name="person_id" label={t('channels.person')} extra={t('channels.personHelp')}>
            <ColleagueSelect known={channel?.person ?? null} placeholder={t('common.none')} />
          </Form.Item>
          <Form.Item name="keyword" label={t('channels.keyword')} extra={t('channels.keywordHelp')}>
            <Input maxLength={50} />
          </Form.Item>
        </>
      )}
      <Form.Item name="is_active" label={t('channels.isOn')} extra={t('channels.isOnHelp')} valuePropName="checked">
        <Switch />
      </Form.Item>
      <div className={styles.foot}>
        <Button type="primary" size="large" htmlType="submit" loading={save.isPending} disabled={theirs !== null}>
          {channel ? t('common.save') : t('channels.add')}
        </Button>
      </div>
    </Form>
  )
}
