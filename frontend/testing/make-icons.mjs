// Draws the PNG icons of the installed app from public/icon.svg.
import { readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { launch } from '../e2e/browser.mjs'

const PUBLIC = join(dirname(dirname(fileURLToPath(import.meta.url))), 'public')
const rounded = readFileSync(join(PUBLIC, 'icon.svg'), 'utf8')
const square = rounded.replace('rx="112"', '')
const ICONS = [
  ['icon-192.png', 192, rounded, 1],
  ['icon-512.png', 512, rounded, 1],
  ['icon-maskable-512.png', 512, square, 0.8],
  ['apple-touch-icon.png', 180, square, 0.9],
]

const browser = await launch()
for (const [name, size, svg, scale] of ICONS) {
  const page = await browser.newPage({ viewport: { width: size, height: size } })
  await page.setContent(
    `<style>*{margin:0}body{width:${size}px;height:${size}px;display:grid;place-items:center;background:${scale < 1 ? '#0f5a55' : 'transparent'}}svg{width:${size * scale}px;height:${size * scale}px}</style>${svg}`,
  )
  writeFileSync(join(PUBLIC, name), await page.screenshot({ omitBackground: true }))
  await page.close()
}
await browser.close()
