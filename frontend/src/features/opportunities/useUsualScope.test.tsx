import { screen } from '@testing-library/react'
import { expect, test } from 'vitest'
import { adopt } from '@/api/session'
import type { OwnedScope } from '@/api/types'
import { json, ME, problem, signedIn } from '@/testing/answers'
import { serve } from '@/testing/backend'
import { renderApp } from '@/testing/render'
import { useUsualScope } from './useUsualScope'

const COUNT = '/api/v1/opportunity-count'

function Shown({ wanted }: { wanted: OwnedScope | undefined }) {
  const { scope, isAsking } = useUsualScope(wanted)
  return <output>{isAsking ? 'asking' : scope}</output>
}

test.each<[string, OwnedScope[], number, OwnedScope | undefined, OwnedScope, number]>([
  ['a manager without deals', ['own', 'region'], 0, undefined, 'region', 1],
  ['a director without deals', ['own', 'region', 'company'], 0, undefined, 'company', 1],
  ['a manager with deals', ['own', 'region'], 3, undefined, 'own', 1],
  ['whoever asks for it', ['own', 'region'], 0, 'own', 'own', 0],
  ['a rep, who has one lens', ['own'], 0, undefined, 'own', 0],
])('%s', async (_who, scopes, count, wanted, said, asked) => {
  adopt(signedIn('one', { me: { ...ME, permissions: ['opportunity.read'], scopes } }))
  const backend = serve({ [`GET ${COUNT}`]: json({ count, is_more: false }) })
  renderApp(<Shown wanted={wanted} />)
  expect(await screen.findByText(said)).toBeTruthy()
  expect(backend.to(COUNT)).toHaveLength(asked)
})

test('without an answer it is one’s own', async () => {
  adopt(signedIn('one', { me: { ...ME, permissions: ['opportunity.read'], scopes: ['own', 'region'] } }))
  serve({ [`GET ${COUNT}`]: problem(500, 'internal') })
  renderApp(<Shown wanted={undefined} />)
  expect(await screen.findByText('own')).toBeTruthy()
})
