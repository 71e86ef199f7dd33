import { cleanup, configure } from '@testing-library/react'
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
// Looking up computed styles of every ancestor takes most of the time of a query, and proves nothing in jsdom.
configure({ defaultHidden: true, asyncUtilTimeout: 8000 })

Element.prototype.scrollIntoView = () => undefined
window.scrollTo = () => undefined
// jsdom knows no pseudo-elements, and says so at every call.
const computed = window.getComputedStyle.bind(window)
window.getComputedStyle = (element) => computed(element)

await startI18n()
await switchLanguage('zh-CN')

afterEach(async () => {
  cleanup()
  resetSessionForTests()
  resetUsageForTests()
  localStorage.clear()
  await switchLanguage('zh-CN')
})
