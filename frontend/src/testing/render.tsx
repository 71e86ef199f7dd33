import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { type RenderResult, render } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { App, ConfigProvider } from 'antd'
import type { ReactNode } from 'react'

/** Renders with what every screen stands in; animations off, so that nothing has to be waited for. */
export function renderApp(children: ReactNode): RenderResult {
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } })
  return render(
    <ConfigProvider theme={{ token: { motion: false } }} button={{ autoInsertSpace: false }}>
      <App>
        <QueryClientProvider client={client}>{children}</QueryClientProvider>
      </App>
    </ConfigProvider>,
  )
}

export type Hand = ReturnType<typeof userEvent.setup>

/** Somebody at the keyboard, without pauses between the keys. */
export const hand = (): Hand => userEvent.setup({ delay: null, pointerEventsCheck: 0 })
