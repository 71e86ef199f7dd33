import type { Language } from '@/lib/time'
import { api, read } from './client'
import { adopt, endSession, updateMe } from './session'

export async function enter(login: string, password: string): Promise<void> {
  adopt(await read(api.POST('/api/v1/auth/sign-in', { body: { login, password } })))
}

export async function leave(): Promise<void> {
  await read(api.POST('/api/v1/auth/sign-out'))
  endSession('signed_out')
}

export async function leaveEverywhere(): Promise<void> {
  await read(api.POST('/api/v1/auth/sign-out-everywhere'))
  endSession('signed_out')
}

/** Ends every session, this one included. */
export async function changePassword(current_password: string, new_password: string): Promise<void> {
  await read(api.PUT('/api/v1/me/password', { body: { current_password, new_password } }))
  endSession('password_changed')
}

export async function saveLanguage(locale: Language): Promise<void> {
  updateMe(await read(api.PATCH('/api/v1/me', { body: { locale } })))
}
