import { EditOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Role } from '@/api/types'
import { Page } from '@/components/Page'
import { RequirePermission } from '@/components/RequirePermission'
import { CardSkeletons, ErrorState } from '@/components/states'
import { asLanguage } from '@/i18n/i18n'
import { useIsPhone } from '@/lib/media'
import { word } from '@/lib/words'
import { rolesQuery } from './api'
import { RoleSheet } from './RoleSheet'
import styles from './settings.module.css'

export function RolesPage() {
  const { t } = useTranslation()
  return (
    <RequirePermission permission="people.manage" title={t('roles.title')}>
      <Roles />
    </RequirePermission>
  )
}

export const roleName = (role: Pick<Role, 'name_zh' | 'name_en'>, language: string): string =>
  asLanguage(language) === 'en' ? role.name_en : role.name_zh

function Roles() {
  const { t } = useTranslation()
  const isPhone = useIsPhone()
  const roles = useQuery(rolesQuery)
  const items = roles.data?.items ?? []
  const permissions = roles.data?.permissions ?? []
  const [opened, setOpened] = useState<{ role: Role | null; serial: number }>({ role: null, serial: 0 })
  const [isOpen, setIsOpen] = useState(false)
  const open = (role: Role): void => {
    setOpened(({ serial }) => ({ role, serial: serial + 1 }))
    setIsOpen(true)
  }
  return (
    <Page title={t('roles.title')} subtitle={t('roles.subtitle')} {...(isPhone ? { backTo: '/me' } : {})}>
      {roles.isPending && <CardSkeletons count={4} />}
      {roles.isError && <ErrorState error={roles.error} onRetry={() => void roles.refetch()} />}
      {roles.data &&
        (isPhone ? (
          <RoleCards roles={items} onOpen={open} />
        ) : (
          <RoleMatrix roles={items} permissions={permissions} onOpen={open} />
        ))}
      {opened.role && (
        <RoleSheet
          key={opened.serial}
          role={opened.role}
          permissions={permissions}
          open={isOpen}
          onClose={() => setIsOpen(false)}
        />
      )}
    </Page>
  )
}

interface ListProps {
  roles: Role[]
  onOpen: (role: Role) => void
}

function RoleCards({ roles, onOpen }: ListProps) {
  const { t, i18n } = useTranslation()
  return (
    <ul className={styles.list}>
      {roles.map((role) => (
        <li key={role.code} className={styles.card}>
          <div className={styles.grow}>
            <h2 className={styles.name}>{roleName(role, i18n.language)}</h2>
            <p className={styles.soft}>
              {role.permissions.map((one) => word(t, `roles.permissions.${one}`, one)).join(t('common.listSeparator'))}
            </p>
          </div>
          <EditButton role={role} onOpen={onOpen} />
        </li>
      ))}
    </ul>
  )
}

function EditButton({ role, onOpen }: { role: Role; onOpen: (role: Role) => void }) {
  const { t, i18n } = useTranslation()
  return (
    <Button
      icon={<EditOutlined aria-hidden />}
      aria-label={`${t('common.edit')} ${roleName(role, i18n.language)}`}
      onClick={() => onOpen(role)}
    />
  )
}

/** Roles across, permissions down: the one table of who may do what. */
function RoleMatrix({ roles, permissions, onOpen }: ListProps & { permissions: string[] }) {
  const { t, i18n } = useTranslation()
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a wide table is scrolled by keyboard
    <section className={styles.wide} tabIndex={0} aria-label={t('roles.table')}>
      <table className={styles.matrix}>
        <thead>
          <tr>
            <th scope="col">{t('roles.permission')}</th>
            {roles.map((role) => (
              <th key={role.code} scope="col">
                {roleName(role, i18n.language)}
                <div>
                  <EditButton role={role} onOpen={onOpen} />
                </div>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {permissions.map((permission) => (
            <tr key={permission}>
              <th scope="row">{word(t, `roles.permissions.${permission}`, permission)}</th>
              {roles.map((role) => {
                const has = role.permissions.includes(permission)
                return (
                  <td key={role.code}>
                    <span aria-hidden>{has ? '✓' : '·'}</span>
                    <span className="visually-hidden">{has ? t('roles.yes') : t('roles.no')}</span>
                  </td>
                )
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}
