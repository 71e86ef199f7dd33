import { PhoneFilled } from '@ant-design/icons'
import { Button, type ButtonProps } from 'antd'
import { useTranslation } from 'react-i18next'
import { readablePhone, telHref } from '@/lib/phone'

interface Props extends Omit<ButtonProps, 'href' | 'icon'> {
  phone: string
  /** The number on the button, or only the word. */
  shows?: 'number' | 'word'
}

export function CallButton({ phone, shows = 'number', ...rest }: Props) {
  const { t } = useTranslation()
  const readable = readablePhone(phone)
  return (
    <Button
      type="primary"
      {...rest}
      href={telHref(phone)}
      icon={<PhoneFilled aria-hidden />}
      aria-label={t('common.callNumber', { phone: readable })}
    >
      <span className="figures">{shows === 'number' ? readable : t('common.call')}</span>
    </Button>
  )
}
