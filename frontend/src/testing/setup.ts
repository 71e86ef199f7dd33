import { cleanup } from '@testing-library/react'
import { afterEach } from 'vitest'
import { resetSessionForTests } from '@/api/session'
import { startI18n, switchLanguage } from '@/i18n/i18n'
import { resetUsageForTests } from '@/lib/usage'

// What jsdom lacks and antd asks for.
class QuietObserver {
  observe(): void {}
  unobserve(): void {}
  disconnect(): void {}
}

const quietMedia = (media: string): Partial<MediaQueryList> => ({
  matches: false,
  media,
  addEventListener: () => undefined,
  removeEventListener: () => undefined,
})

Object.assign(globalThis, { matchMedia: quietMedia, ResizeObserver: QuietObserver })
Element.prototype.scrollIntoView = () => undefined

await startI18n()
await switchLanguage('zh-CN')

afterEach(async () => {
  cleanup()
  resetSessionForTests()
  resetUsageForTests()
  localStorage.clear()
  await switchLanguage('zh-CN')
})
