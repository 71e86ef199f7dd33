import { useMutation, useQueryClient } from '@tanstack/react-query'
import { App, Button, Checkbox, Form, Input, Tabs } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Role, RolePatch } from '@/api/types'
import { ChangeLog } from '@/components/ChangeLog'
import { Sheet } from '@/components/Sheet'
import { newerState, StaleNotice } from '@/components/StaleNotice'
import { showProblem } from '@/lib/formProblem'
import { word } from '@/lib/words'
import styles from './settings.module.css'
import { changeRole, roleKeys } from './settingsApi'

interface Props {
  role: Role
  permissions: string[]
  open: boolean
  onClose: () => void
}

type Fields = Required<{ [Key in keyof RolePatch]: NonNullable<RolePatch[Key]> }>

const TABLES = ['role', 'role_permission'] as const
const REACHES = ['own', 'region', 'company', 'pool'] as const

function toFields({ name_zh, name_en, reaches, permissions }: Role): Fields {
  return { name_zh, name_en, reaches: REACHES.filter((one) => reaches.includes(one)), permissions }
}

export function RoleSheet({ role, permissions, open, onClose }: Props) {
  const { t } = useTranslation()
  return (
    <Sheet open={open} onClose={onClose} title={t('roles.edit')} phoneHeight="full" width={560} keepsOnOutsideTap>
      <Tabs
        items={[
          {
            key: 'form',
            label: t('roles.tabPermissions'),
            children: <RoleForm role={role} permissions={permissions} onDone={onClose} />,
          },
          { key: 'changes', label: t('changes.title'), children: <ChangeLog tables={TABLES} id={role.code} /> },
        ]}
      />
    </Sheet>
  )
}

function RoleForm({ role, permissions, onDone }: Pick<Props, 'role' | 'permissions'> & { onDone: () => void }) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const client = useQueryClient()
  const [form] = Form.useForm<Fields>()
  const [version, setVersion] = useState(role.version)
  const [theirs, setTheirs] = useState<Role | null>(null)
  const save = useMutation({
    mutationFn: ({ fields, on }: { fields: Fields; on: number }) => changeRole(role.code, fields, on),
    onSuccess: () => {
      void message.success(t('common.saved'))
      onDone()
      return client.invalidateQueries({ queryKey: roleKeys.all })
    },
    onError: (error) => {
      const current = newerState<Role>(error)
      if (current) setTheirs(current)
      else showProblem(form, message, t, error)
    },
  })
  const rebase = (current: Role): Role => {
    setTheirs(null)
    setVersion(current.version)
    return current
  }
  const required = { required: true, whitespace: true, message: t('people.required') }
  return (
    <Form
      form={form}
      layout="vertical"
      initialValues={toFields(role)}
      onFinish={(fields) => save.mutate({ fields, on: version })}
    >
      {theirs && (
        <StaleNotice
          onTakeTheirs={() => form.setFieldsValue(toFields(rebase(theirs)))}
          onKeepMine={() => save.mutate({ fields: form.getFieldsValue(true), on: rebase(theirs).version })}
        />
      )}
      <div className={styles.pair}>
        <Form.Item name="name_zh" label={t('roles.nameZh')} rules={[required]}>
          <Input maxLength={50} />
        </Form.Item>
        <Form.Item name="name_en" label={t('roles.nameEn')} rules={[required]}>
          <Input maxLength={50} />
        </Form.Item>
      </div>
      <Form.Item name="reaches" label={t('me.scopes')}>
        <Checkbox.Group options={REACHES.map((value) => ({ value, label: t(`scope.${value}`) }))} />
      </Form.Item>
      <Form.Item name="permissions" label={t('roles.permission')}>
        <Checkbox.Group className={styles.permissions ?? ''}>
          {permissions.map((permission) => (
            <Checkbox key={permission} value={permission}>
              {word(t, `roles.permissions.${permission}`, permission)}
            </Checkbox>
          ))}
        </Checkbox.Group>
      </Form.Item>
      <div className={styles.foot}>
        <Button type="primary" size="large" htmlType="submit" loading={save.isPending} disabled={theirs !== null}>
          {t('common.save')}
        </Button>
      </div>
    </Form>
  )
}
