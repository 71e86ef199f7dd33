import { QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { App, ConfigProvider } from 'antd'
import enUS from 'antd/locale/en_US'
import zhCN from 'antd/locale/zh_CN'
import dayjs from 'dayjs'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { asLanguage, switchLanguage } from '@/i18n/i18n'
import { forgetArrivals } from '@/lib/arrivals'
import { useIsPhone, useIsStill } from '@/lib/media'
import { useSession } from '@/lib/session'
import { flushWhenHidden } from '@/lib/usage'
import { queryClient } from './queryClient'
import { router } from './router'
import { themeFor } from './theme'

export function Providers() {
  const { i18n } = useTranslation()
  const language = asLanguage(i18n.language)
  const isPhone = useIsPhone()
  const theme = themeFor(useIsStill())
  useAccountLanguage()
  useSessionEnd()
  useEffect(flushWhenHidden, [])
  dayjs.locale(language === 'en' ? 'en' : 'zh-cn')
  return (
    <ConfigProvider
      theme={theme}
      locale={language === 'en' ? enUS : zhCN}
      button={{ autoInsertSpace: false }}
      getPopupContainer={withinLandmark}
    >
      <App notification={{ placement: isPhone ? 'top' : 'bottomRight', maxCount: 3 }} message={{ maxCount: 2 }}>
        <QueryClientProvider client={queryClient}>
          <RouterProvider router={router} />
        </QueryClientProvider>
      </App>
    </ConfigProvider>
  )
}

/** What opens on the screen belongs to the landmark of its control, so that whoever reads by landmarks finds it. */
const withinLandmark = (control?: HTMLElement): HTMLElement =>
  control?.closest<HTMLElement>('main, header, nav') ?? document.body

/** The account's language follows the person to every device. */
function useAccountLanguage(): void {
  const locale = useSession().me?.locale
  useEffect(() => {
    if (locale) void switchLanguage(asLanguage(locale))
  }, [locale])
}

/** When the session ends, wherever that happened, nothing of it stays on the screen or in memory. */
function useSessionEnd(): void {
  const { status } = useSession()
  useEffect(() => {
    if (status !== 'signed_out') return
    queryClient.clear()
    forgetArrivals()
    void router.invalidate()
  }, [status])
}
