import type { Language } from '@/lib/time'
import { api, read } from './client'
import { adopt, endSessionBy, updateMe } from './session'

export async function enter(login: string, password: string): Promise<void> {
  adopt(await read(api.POST('/api/v1/auth/sign-in', { body: { login, password } })))
}

export const leave = (): Promise<void> => endSessionBy(() => read(api.POST('/api/v1/auth/sign-out')), 'signed_out')

export const leaveEverywhere = (): Promise<void> =>
  endSessionBy(() => read(api.POST('/api/v1/auth/sign-out-everywhere')), 'signed_out')

/** Ends every session, this one included. */
export const changePassword = (current_password: string, new_password: string): Promise<void> =>
  endSessionBy(
    () => read(api.PUT('/api/v1/me/password', { body: { current_password, new_password } })),
    'password_changed',
  )

export async function saveLanguage(locale: Language): Promise<void> {
  updateMe(await read(api.PATCH('/api/v1/me', { body: { locale } })))
}
