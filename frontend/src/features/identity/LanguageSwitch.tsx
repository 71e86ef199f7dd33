import { GlobalOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { asLanguage, switchLanguage } from '@/i18n/i18n'

/** The other language, named in itself. */
export function LanguageSwitch() {
  const { i18n } = useTranslation()
  const other = asLanguage(i18n.language) === 'en' ? 'zh-CN' : 'en'
  return (
    <Button
      type="text"
      icon={<GlobalOutlined aria-hidden />}
      lang={other}
      style={{ color: 'inherit' }}
      onClick={() => void switchLanguage(other)}
    >
      {other === 'en' ? 'English' : '简体中文'}
    </Button>
  )
}
