import { useQuery } from '@tanstack/react-query'
import { screen } from '@testing-library/react'
import { expect, test } from 'vitest'
import { dealSupportQuery } from '@/api/support'
import { problem } from '@/testing/answers'
import { serve } from '@/testing/backend'
import { hand, renderApp } from '@/testing/render'
import { SupportRequestsCard } from './SupportRequestsCard'

const PATH = '/api/v1/opportunities/d/support-requests'

function OfDeal() {
  return <SupportRequestsCard found={useQuery(dealSupportQuery('d'))} onAsk={null} />
}

test('requests that could not be read are said to be unknown, and asked for again', async () => {
  const backend = serve({ [`GET ${PATH}`]: problem(500, 'internal') })
  renderApp(<OfDeal />)
  expect(await screen.findByRole('alert')).toBeTruthy()
  const before = backend.to(PATH).length
  await hand().click(screen.getByRole('button', { name: '重试' }))
  await expect.poll(() => backend.to(PATH).length).toBe(before + 1)
})
