import { createMemoryHistory, createRootRoute, createRoute, createRouter, RouterProvider } from '@tanstack/react-router'
import { screen } from '@testing-library/react'
import { expect, test } from 'vitest'
import { currentSession } from '@/api/session'
import { json, problem, signedIn } from '@/testing/answers'
import { serve } from '@/testing/backend'
import { type Hand, hand, renderApp } from '@/testing/render'
import { SignInForm } from './SignInForm'

const SIGN_IN = 'POST /api/v1/auth/sign-in'

async function open(search = '') {
  const root = createRootRoute()
  const signIn = createRoute({ getParentRoute: () => root, path: '/sign-in', component: SignInForm })
  const leads = createRoute({ getParentRoute: () => root, path: '/leads', component: () => <p>the leads</p> })
  const today = createRoute({ getParentRoute: () => root, path: '/today', component: () => <p>the day</p> })
  const history = createMemoryHistory({ initialEntries: [`/sign-in${search}`] })
  const router = createRouter({ routeTree: root.addChildren([signIn, leads, today]), history })
  await router.load()
  renderApp(<RouterProvider router={router as never} />)
  return hand()
}

async function submit(user: Hand) {
  await user.type(await screen.findByLabelText('账号'), ' zhanglei ')
  await user.type(screen.getByLabelText('密码'), 'chengdan2026')
  await user.click(screen.getByRole('button', { name: '登录' }))
}

test('opens the session and goes where the person wanted to go', async () => {
  const backend = serve({ [SIGN_IN]: json(signedIn('one')) })
  await submit(await open('?next=/leads'))
  expect(await screen.findByText('the leads')).toBeTruthy()
  expect(backend.calls[0]?.body).toEqual({ login: 'zhanglei', password: 'chengdan2026' })
  expect(currentSession().status).toBe('signed_in')
})

test('a wrong password says what to do, and nobody is signed in', async () => {
  serve({ [SIGN_IN]: problem(401, 'sign_in_failed') })
  await submit(await open())
  expect(await screen.findByText('账号或密码不对')).toBeTruthy()
  expect(screen.getByText('请核对后重试。连续输错会暂时锁定账号。')).toBeTruthy()
  expect(currentSession().status).toBe('unknown')
})

test('a lock-out tells the wait', async () => {
  serve({ [SIGN_IN]: json({ code: 'locked_out', detail: '', params: {}, errors: [] }, 429, { 'Retry-After': '90' }) })
  await submit(await open())
  expect(await screen.findByText('账号已暂时锁定')).toBeTruthy()
  expect(screen.getByText(/请在 1 分 (30|29) 秒 后再试/)).toBeTruthy()
})

test('too many attempts from one network tell the wait too', async () => {
  const body = { code: 'sign_in_rate_exceeded', detail: '', params: { limit: 60, seconds: 42 }, errors: [] }
  serve({ [SIGN_IN]: json(body, 429, { 'Retry-After': '42' }) })
  await submit(await open())
  expect(await screen.findByText('登录尝试太频繁')).toBeTruthy()
  expect(screen.getByText('您的网络在一分钟内登录次数过多，请 42 秒后再试。')).toBeTruthy()
})

test('nothing is sent without a password', async () => {
  const backend = serve({})
  const user = await open()
  await user.click(await screen.findByRole('button', { name: '登录' }))
  expect(await screen.findByText('请输入密码')).toBeTruthy()
  expect(backend.calls).toHaveLength(0)
})
