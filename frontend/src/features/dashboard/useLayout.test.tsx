import { fireEvent, screen, waitFor } from '@testing-library/react'
import { expect, test } from 'vitest'
import { adopt } from '@/api/session'
import { json, signedIn } from '@/testing/answers'
import { serve } from '@/testing/backend'
import { renderApp } from '@/testing/render'
import { sized, USUAL } from './layout'
import { useLayout } from './useLayout'

const VIEWS = '/api/v1/views'
const WIDER = sized(USUAL, 'funnel', { width: 4 })

function Board() {
  const { isReady, arrange } = useLayout()
  return (
    <button type="button" disabled={!isReady} onClick={() => arrange(WIDER)}>
      widen
    </button>
  )
}

async function widened() {
  adopt(signedIn('one'))
  const kept = { id: 'v', is_mine: true, is_default: true, version: 1, settings: { tiles: WIDER } }
  const backend = serve({ [`GET ${VIEWS}`]: json({ items: [] }), [`POST ${VIEWS}`]: json(kept, 201) })
  const page = renderApp(<Board />)
  const button = await screen.findByRole('button')
  await waitFor(() => expect(button).toHaveProperty('disabled', false))
  fireEvent.click(button)
  const kepts = () => backend.to(VIEWS).filter(({ method }) => method === 'POST')
  return { page, kepts }
}

test.each(['unmount', 'pagehide'])('what was arranged just before the page is left is kept, once: %s', async (way) => {
  const { page, kepts } = await widened()
  if (way === 'pagehide') window.dispatchEvent(new Event('pagehide'))
  page.unmount()
  await waitFor(() => expect(kepts()).toHaveLength(1), { timeout: 400 })
  expect(kepts()[0]?.body).toMatchObject({ settings: { tiles: WIDER } })
})
