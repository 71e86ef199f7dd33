import { useMutation, useQueryClient } from '@tanstack/react-query'
import { App, Button, Collapse, Form, Input, Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { regionKeys } from '@/api/people'
import { ApiProblem } from '@/api/problem'
import type { Region } from '@/api/types'
import { ChangeLog } from '@/components/ChangeLog'
import { Sheet } from '@/components/Sheet'
import { sayProblem, showProblem } from '@/lib/formProblem'
import { newKey } from '@/lib/keys'
import { type AreaRow, areasToRows, rowsToAreas } from '@/lib/places'
import { indentedOption, type RegionOption, regionOptions, subtreeIds } from '@/lib/regionTree'
import { AreaRows } from './AreaRows'
import { changeRegion, createRegion, setAreas } from './api'

interface Fields {
  name: string
  code: string
  parent_id: string | null
  areas: AreaRow[]
}

interface Props {
  region: Region | null
  regions: Region[]
  open: boolean
  onClose: () => void
}

const TABLES = ['region', 'region_area'] as const
const CODE = /^[A-Za-z0-9_-]{1,30}$/

/** Name and parent first, then the provinces; each is one request that leaves the tree whole. */
async function saveRegion(region: Region | null, fields: Fields, key: string): Promise<void> {
  const { name, code } = fields
  const parent_id = fields.parent_id ?? null
  const saved = region
    ? await changeRegion(region.id, { name, parent_id }, region.version)
    : await createRegion({ name, code, parent_id }, key)
  const areas = rowsToAreas(fields.areas.filter((row) => row?.province))
  if (JSON.stringify(areas) !== JSON.stringify(rowsToAreas(areasToRows(saved.areas)))) await setAreas(saved.id, areas)
}

export function RegionSheet({ region, regions, open, onClose }: Props) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const client = useQueryClient()
  const [form] = Form.useForm<Fields>()
  const [key] = useState(newKey)
  const reload = () => client.invalidateQueries({ queryKey: regionKeys.all })
  const save = useMutation({
    mutationFn: (fields: Fields) => saveRegion(region, fields, key),
    onSuccess: () => {
      void message.success(t('common.saved'))
      onClose()
      return reload()
    },
    onError: (error) => {
      if (error instanceof ApiProblem && error.code === 'area_taken') return sayProblem(message, t, error)
      if (!(error instanceof ApiProblem && error.status === 412)) return showProblem(form, message, t, error)
      void message.warning(t('regions.conflict'))
      onClose()
      void reload()
    },
  })
  const below = region ? subtreeIds(regions, region.id) : new Set<string>()
  const parents = regionOptions(regions).filter((option) => !below.has(option.value))
  const required = { required: true, whitespace: true, message: t('people.required') }
  return (
    <Sheet
      open={open}
      onClose={onClose}
      title={region ? `${t('regions.edit')} · ${region.name}` : t('regions.add')}
      phoneHeight="full"
      width={560}
      keepsOnOutsideTap
      footer={
        <Button type="primary" size="large" block loading={save.isPending} onClick={() => form.submit()}>
          {t('common.save')}
        </Button>
      }
    >
      <Form
        form={form}
        layout="vertical"
        initialValues={{
          name: region?.name ?? '',
          code: region?.code ?? '',
          parent_id: region?.parent_id ?? null,
          areas: areasToRows(region?.areas ?? []),
        }}
        onFinish={(fields) => save.mutate(fields)}
      >
        <Form.Item name="name" label={t('regions.name')} rules={[required]}>
          <Input maxLength={100} />
        </Form.Item>
        {!region && (
          <Form.Item
            name="code"
            label={t('regions.code')}
            extra={t('regions.codeHelp')}
            rules={[required, { pattern: CODE, message: t('field.string_pattern_mismatch') }]}
          >
            <Input maxLength={30} autoCapitalize="none" spellCheck={false} />
          </Form.Item>
        )}
        <Form.Item name="parent_id" label={t('regions.parent')}>
          <Select<string, RegionOption>
            allowClear
            placeholder={t('regions.noParent')}
            optionRender={indentedOption}
            options={parents}
          />
        </Form.Item>
        <AreaRows />
      </Form>
      {region && (
        <Collapse
          ghost
          items={[
            { key: 'changes', label: t('changes.title'), children: <ChangeLog tables={TABLES} id={region.id} /> },
          ]}
        />
      )}
    </Sheet>
  )
}
