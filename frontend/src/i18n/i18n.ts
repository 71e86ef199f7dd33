import 'dayjs/locale/zh-cn'
import i18next from 'i18next'
import { initReactI18next } from 'react-i18next'
import type { Language } from '@/lib/time'
import { zhCN } from './zh-CN'

const STORED = 'chengdan.language'

/** The language of the account wins once it is known; before that, of the last visit or the browser. */
export function firstLanguage(stored: string | null, browser: string): Language {
  if (stored === 'zh-CN' || stored === 'en') return stored
  return browser.toLowerCase().startsWith('zh') ? 'zh-CN' : 'en'
}

export function asLanguage(locale: string): Language {
  return locale.toLowerCase().startsWith('en') ? 'en' : 'zh-CN'
}

async function load(language: Language): Promise<void> {
  if (language === 'en' && !i18next.hasResourceBundle('en', 'translation')) {
    i18next.addResourceBundle('en', 'translation', (await import('./en')).en)
  }
}

export async function switchLanguage(language: Language): Promise<void> {
  await load(language)
  if (i18next.language !== language) await i18next.changeLanguage(language)
  localStorage.setItem(STORED, language)
  document.documentElement.lang = language
}

export async function startI18n(): Promise<void> {
  await i18next.use(initReactI18next).init({
    resources: { 'zh-CN': { translation: zhCN } },
    lng: 'zh-CN',
    fallbackLng: 'zh-CN',
    interpolation: { escapeValue: false },
    keySeparator: '.',
    nsSeparator: false,
    returnNull: false,
  })
  await switchLanguage(firstLanguage(localStorage.getItem(STORED), navigator.language))
}

export { i18next }
