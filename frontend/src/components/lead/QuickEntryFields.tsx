import { DownOutlined } from '@ant-design/icons'
import { Button, Form, type FormInstance, Input, Select, Switch } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { LeadCreate } from '@/api/types'
import { DuplicateWarning } from '@/components/merge/DuplicateWarning'
import { isAmount } from '@/lib/money'
import { PROVINCES } from '@/lib/places'
import { keepsLeads, useMe } from '@/lib/session'
import styles from './QuickEntryFields.module.css'

const SOURCES = ['manual', 'phone', 'exhibition', 'referral', 'wechat', 'other'] as const
const WAYS = ['phone', 'email', 'wechat'] as const
const EMAIL = /^[^@\s]+@[^@\s]+\.[^@\s]+$/

export function QuickEntryFields({ form }: { form: FormInstance<LeadCreate> }) {
  const { t } = useTranslation()
  const me = useMe()
  const [showsMore, setShowsMore] = useState(false)
  const typed = {
    company: Form.useWatch('company', form),
    phone: Form.useWatch('phone', form),
    email: Form.useWatch('email', form),
  }
  const reachable = async (): Promise<void> => {
    const values: Partial<LeadCreate> = form.getFieldsValue(true)
    if (!WAYS.some((way) => values[way]?.trim())) throw new Error(t('quick.reachRequired'))
  }
  const named = async (): Promise<void> => {
    const { company, contact_name }: Partial<LeadCreate> = form.getFieldsValue(true)
    if (!company?.trim() && !contact_name?.trim()) throw new Error(t('quick.companyRequired'))
  }
  return (
    <>
      <Form.Item name="company" label={t('lead.company')} rules={[{ validator: named, validateTrigger: 'onSubmit' }]}>
        <Input maxLength={200} autoComplete="off" />
      </Form.Item>
      <div className={styles.pair}>
        <Form.Item name="contact_name" label={t('lead.contact')}>
          <Input maxLength={100} autoComplete="off" />
        </Form.Item>
        <Form.Item
          name="phone"
          label={t('lead.phone')}
          dependencies={['email', 'wechat']}
          rules={[{ validator: reachable, validateTrigger: 'onSubmit' }]}
        >
          <Input type="tel" inputMode="tel" maxLength={40} autoComplete="off" />
        </Form.Item>
      </div>
      <DuplicateWarning {...typed} />
      <div className={styles.pair}>
        <Form.Item name="province" label={t('lead.province')}>
          <Select allowClear showSearch options={PROVINCES.map((value) => ({ value, label: value }))} />
        </Form.Item>
        <Form.Item name="city" label={t('lead.city')}>
          <Input maxLength={50} autoComplete="off" />
        </Form.Item>
      </div>
      <Form.Item name="need" label={t('lead.need')}>
        <Input.TextArea autoSize={{ minRows: 2, maxRows: 6 }} maxLength={5000} />
      </Form.Item>
      <Form.Item name="source" label={t('lead.source')}>
        <Select options={SOURCES.map((value) => ({ value, label: t(`lead.sources.${value}`) }))} />
      </Form.Item>
      {keepsLeads(me) && (
        <div className={styles.mine}>
          <span>
            <label htmlFor="assign_to_me">{t('quick.assignToMe')}</label>
            <small>{t('quick.assignToMeHelp')}</small>
          </span>
          <Form.Item name="assign_to_me" valuePropName="checked" noStyle>
            <Switch id="assign_to_me" />
          </Form.Item>
        </div>
      )}
      <Button
        type="text"
        className={styles.toggle}
        icon={<DownOutlined aria-hidden rotate={showsMore ? 180 : 0} />}
        aria-expanded={showsMore}
        onClick={() => setShowsMore(!showsMore)}
      >
        {t('quick.more')}
      </Button>
      <div hidden={!showsMore}>
        <MoreFields />
      </div>
    </>
  )
}

function MoreFields() {
  const { t } = useTranslation()
  return (
    <>
      <div className={styles.pair}>
        <Form.Item name="email" label={t('lead.email')} rules={[{ pattern: EMAIL, message: t('quick.emailInvalid') }]}>
          <Input type="email" inputMode="email" maxLength={200} autoComplete="off" />
        </Form.Item>
        <Form.Item name="wechat" label={t('lead.wechat')}>
          <Input maxLength={100} autoComplete="off" />
        </Form.Item>
      </div>
      <div className={styles.pair}>
        <Form.Item
          name="expected_amount"
          label={t('lead.amount')}
          rules={[
            {
              validator: async (_, value) => {
                if (value && !isAmount(value)) throw new Error(t('quick.amountInvalid'))
              },
            },
          ]}
        >
          <Input inputMode="decimal" maxLength={19} autoComplete="off" />
        </Form.Item>
        <Form.Item name="currency" label={t('lead.currency')}>
          <Select options={['CNY', 'USD', 'EUR', 'JPY', 'GBP'].map((value) => ({ value, label: value }))} />
        </Form.Item>
      </div>
      <div className={styles.pair}>
        <Form.Item name="product_line" label={t('lead.productLine')}>
          <Input maxLength={100} autoComplete="off" />
        </Form.Item>
        <Form.Item name="campaign" label={t('lead.campaign')}>
          <Input maxLength={200} autoComplete="off" />
        </Form.Item>
      </div>
    </>
  )
}
