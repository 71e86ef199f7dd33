import { CopyOutlined } from '@ant-design/icons'
import { App, Button, type ButtonProps } from 'antd'
import { useTranslation } from 'react-i18next'

export function CopyButton({ text, label, ...rest }: { text: string; label?: string } & Omit<ButtonProps, 'onClick'>) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(text)
      void message.success(t('common.copied'))
    } catch {
      void message.warning(t('common.copyFailed'))
    }
  }
  return (
    <Button
      icon={<CopyOutlined aria-hidden />}
      aria-label={label ?? t('common.copy')}
      {...rest}
      onClick={() => void copy()}
    >
      {label}
    </Button>
  )
}
