// Starts a Chromium that needs no system package and renders Chinese; used by every browser test.
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import sparticuz from '@sparticuz/chromium'
import { chromium } from 'playwright-core'

const FRONTEND = dirname(dirname(fileURLToPath(import.meta.url)))
const WORK = join(FRONTEND, '.e2e')
const FONTS = join(FRONTEND, 'node_modules', '@expo-google-fonts', 'noto-sans-sc')
// Made for short-lived functions; a browser that stands for a person's must be whole and mind the same origin.
// Drawing through an emulated GPU takes half as long again as drawing without one.
const UNWANTED = [
  '--single-process',
  '--headless',
  '--disable-web-security',
  '--allow-running-insecure-content',
  '--use-gl',
  '--use-angle',
  '--enable-unsafe-swiftshader',
  '--ignore-gpu-blocklist',
  '--in-process-gpu',
]
const WEIGHTS = ['400Regular', '500Medium', '700Bold']

export const PHONE = { width: 390, height: 844 }
export const PC = { width: 1440, height: 900 }

/** Writes a fontconfig file that knows only the bundled Noto fonts; returns its path. */
export function fontConfig() {
  const cache = join(WORK, 'fontcache')
  mkdirSync(cache, { recursive: true })
  const folders = readdirSync(FONTS, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && WEIGHTS.includes(entry.name))
    .map((entry) => `  <dir>${join(FONTS, entry.name)}</dir>`)
  const alias = (family) =>
    `  <alias binding="same"><family>${family}</family><prefer><family>Noto Sans SC</family></prefer></alias>`
  const file = join(WORK, 'fonts.conf')
  writeFileSync(
    file,
    `<?xml version="1.0"?>\n<!DOCTYPE fontconfig SYSTEM "fonts.dtd">\n<fontconfig>\n${folders.join('\n')}\n  <cachedir>${cache}</cachedir>\n${['sans-serif', 'serif', 'monospace', 'system-ui'].map(alias).join('\n')}\n</fontconfig>\n`,
  )
  return file
}

async function executable() {
  const named = process.env.CHENGDAN_CHROMIUM
  if (named) return { path: named, args: ['--no-sandbox'] }
  try {
    const path = await sparticuz.executablePath()
    return { path, args: sparticuz.args.filter((arg) => !UNWANTED.some((start) => arg.startsWith(start))) }
  } catch (error) {
    const system = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync)
    if (!system) throw error
    return { path: system, args: ['--no-sandbox'] }
  }
}

/** What any driver of a browser must start it with; `env` comes on top of its own environment. */
export async function launchOptions() {
  const { path, args } = await executable()
  return {
    executablePath: path,
    args: [...args, '--disable-gpu', '--disable-dev-shm-usage', '--force-color-profile=srgb'],
    env: { FONTCONFIG_FILE: fontConfig() },
  }
}

/** A running browser; the caller closes it. */
export async function launch(options = {}) {
  const { env, ...started } = await launchOptions()
  return chromium.launch({ ...started, headless: true, ...options, env: { ...process.env, ...env, ...options.env } })
}

/** A fresh profile of a phone or a PC in Shanghai. */
export async function newPage(browser, { device = 'pc', locale = 'zh-CN', baseURL, ...rest } = {}) {
  const phone = device === 'phone'
  const context = await browser.newContext({
    viewport: phone ? PHONE : PC,
    isMobile: phone,
    hasTouch: phone,
    deviceScaleFactor: phone ? 2 : 1,
    locale,
    timezoneId: 'Asia/Shanghai',
    baseURL,
    ...rest,
  })
  return context.newPage()
}
