import { useQuery } from '@tanstack/react-query'
import { Form, Input, Select, Switch } from 'antd'
import { useTranslation } from 'react-i18next'
import { regionsQuery } from '@/api/people'
import type { Named } from '@/api/types'
import { ColleagueSelect } from '@/components/ColleagueSelect'
import { asLanguage } from '@/i18n/i18n'
import { indentedOption, type RegionOption, regionOptions } from '@/lib/regionTree'
import { rolesQuery } from './api'
import styles from './PersonForm.module.css'

const LOGIN = /^[a-z0-9._-]{2,40}$/
const SHORTEST = 10

export function PersonFormFields({ isNew = false, supervisor = null }: { isNew?: boolean; supervisor?: Named | null }) {
  const { t } = useTranslation()
  const required = { required: true, whitespace: true, message: t('people.required') }
  return (
    <>
      <Form.Item name="name" label={t('people.name')} rules={[required]}>
        <Input maxLength={100} autoComplete="off" />
      </Form.Item>
      {isNew && (
        <div className={styles.pair}>
          <Form.Item
            name="login"
            label={t('people.login')}
            extra={t('people.loginHelp')}
            rules={[required, { pattern: LOGIN, message: t('field.string_pattern_mismatch') }]}
          >
            <Input maxLength={40} autoCapitalize="none" spellCheck={false} autoComplete="off" />
          </Form.Item>
          <Form.Item
            name="password"
            label={t('people.password')}
            extra={t('people.passwordHelp')}
            rules={[required, { min: SHORTEST, message: t('me.passwordRule') }]}
          >
            <Input.Password autoComplete="new-password" />
          </Form.Item>
        </div>
      )}
      <OrganisationFields supervisor={supervisor} />
      <ReachFields />
      <LeadFields />
    </>
  )
}

function OrganisationFields({ supervisor }: { supervisor: Named | null }) {
  const { t, i18n } = useTranslation()
  const roles = useQuery(rolesQuery)
  const regions = useQuery(regionsQuery)
  const isEnglish = asLanguage(i18n.language) === 'en'
  const roleOptions = roles.data?.items.map((role) => ({
    value: role.code,
    label: isEnglish ? role.name_en : role.name_zh,
  }))
  return (
    <>
      <Form.Item name="roles" label={t('people.roles')}>
        <Select mode="multiple" options={roleOptions ?? []} optionFilterProp="label" />
      </Form.Item>
      <div className={styles.pair}>
        <Form.Item name="region_id" label={t('people.region')}>
          <Select<string, RegionOption>
            allowClear
            options={regionOptions(regions.data?.items ?? [])}
            optionRender={indentedOption}
          />
        </Form.Item>
        <Form.Item name="supervisor_id" label={t('people.supervisor')}>
          <ColleagueSelect known={supervisor} />
        </Form.Item>
      </div>
    </>
  )
}

function ReachFields() {
  const { t } = useTranslation()
  return (
    <>
      <div className={styles.pair}>
        <Form.Item name="mobile" label={t('people.mobile')}>
          <Input type="tel" maxLength={30} autoComplete="off" />
        </Form.Item>
        <Form.Item name="email" label={t('people.email')}>
          <Input type="email" maxLength={200} autoComplete="off" />
        </Form.Item>
      </div>
      <Form.Item name="dingtalk_mobile" label={t('people.dingtalk')} extra={t('people.dingtalkHelp')}>
        <Input type="tel" maxLength={30} autoComplete="off" />
      </Form.Item>
    </>
  )
}

function LeadFields() {
  const { t } = useTranslation()
  return (
    <>
      <div className={styles.switch}>
        <label htmlFor="takes_leads">{t('people.takesLeads')}</label>
        <Form.Item name="takes_leads" valuePropName="checked" noStyle>
          <Switch id="takes_leads" />
        </Form.Item>
      </div>
      <div className={styles.pair}>
        <Form.Item name="product_lines" label={t('people.productLines')} extra={t('people.productLinesHelp')}>
          <Select mode="tags" open={false} suffixIcon={null} />
        </Form.Item>
        <Form.Item name="languages" label={t('people.languages')}>
          <Select mode="tags" open={false} suffixIcon={null} />
        </Form.Item>
      </div>
    </>
  )
}
