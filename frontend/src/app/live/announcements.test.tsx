import { act, screen } from '@testing-library/react'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { LiveEvent } from '@/api/live'
import { forgetArrivals, useArrivals } from '@/lib/arrivals'
import { LEAD } from '@/testing/answers'
import { hand, renderApp } from '@/testing/render'
import { useAnnouncements } from './announcements'

const router = vi.hoisted(() => ({ state: { location: { pathname: '/leads' } }, navigate: vi.fn() }))
vi.mock('@tanstack/react-router', async (original) => ({ ...(await original<object>()), useRouter: () => router }))

const assigned = (id: string, company: string): LiveEvent => ({
  id,
  kind: 'lead.assigned',
  payload: { ...LEAD, id, company },
})
const escalated = (is_urgent: boolean): LiveEvent => ({
  id: '9',
  kind: 'notification',
  payload: {
    kind: 'lead.escalated',
    subject_type: 'lead',
    subject_id: 'late',
    is_urgent,
    params: { company: '恒力', owner: '张磊' },
  },
})

let announce: (event: LiveEvent) => void

function Listener() {
  const announcements = useAnnouncements()
  announce = announcements.announce
  return (
    <p>
      {useArrivals().map(({ leadId }) => leadId)} {announcements.spoken}
    </p>
  )
}

beforeEach(() => {
  router.state.location.pathname = '/leads'
  renderApp(<Listener />)
})

afterEach(() => {
  forgetArrivals()
  router.navigate.mockClear()
})

test('leads that arrive together are all told, and each leads to its screen', async () => {
  act(() => {
    announce(assigned('a', '甲公司'))
    announce(assigned('b', '乙公司'))
  })
  expect(await screen.findByText('新线索：甲公司')).toBeTruthy()
  expect(await screen.findByText('新线索：乙公司')).toBeTruthy()
  expect(screen.getByText('ba 新线索 乙公司 已分给你')).toBeTruthy()
  await hand().click(screen.getAllByRole('button', { name: '查看' })[0] as HTMLElement)
  expect(router.navigate).toHaveBeenCalledWith({ to: '/leads/$leadId', params: { leadId: 'a' } })
})

test('on Today the card itself is the notice', () => {
  router.state.location.pathname = '/today'
  act(() => announce(assigned('a', '甲公司')))
  expect(screen.getByText('a 新线索 甲公司 已分给你')).toBeTruthy()
  expect(screen.queryByText('新线索：甲公司')).toBeNull()
})

test('an escalation is told; what is not urgent waits under the bell', async () => {
  act(() => announce(escalated(false)))
  expect(screen.queryByText('恒力 超时未联系，已上报给你')).toBeNull()
  act(() => announce(escalated(true)))
  expect((await screen.findAllByText(/恒力 超时未联系，已上报给你/)).length).toBe(2)
})
