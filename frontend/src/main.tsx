import '@/app/global.css'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { Providers } from '@/app/Providers'
import { applyPalette } from '@/app/theme'
import { startI18n } from '@/i18n/i18n'

applyPalette(document.documentElement)
await startI18n()

const root = document.getElementById('root')
if (!root) throw new Error('index.html has no #root')
createRoot(root).render(
  <StrictMode>
    <Providers />
  </StrictMode>,
)
