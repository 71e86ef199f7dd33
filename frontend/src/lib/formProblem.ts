import type { App, FormInstance } from 'antd'
import type { TFunction } from 'i18next'
import { ApiProblem } from '@/api/problem'
import { mapErrors } from './formErrors'
import { fieldWords, problemWords } from './words'

type MessageApi = ReturnType<typeof App.useApp>['message']

/** Says a problem in a toast: what happened, and what to do. */
export function sayProblem(message: MessageApi, t: TFunction, error: unknown): void {
  const { title, help } = problemWords(t, error)
  void message.error(`${title}${t('common.colon')}${help}`)
}

/** Puts the errors of a 422 beside their fields and focuses the first; everything else becomes a toast. */
export function showProblem(form: FormInstance, message: MessageApi, t: TFunction, error: unknown): void {
  const known = Object.keys(form.getFieldsValue(true) as object).concat(registered(form))
  const { fields, others } = mapErrors(error, known, fieldWords(t))
  form.setFields(fields)
  const first = fields[0]
  if (first) form.scrollToField(first.name, { focus: true })
  if (others.length > 0) void message.error(others.join(t('common.listSeparator')))
  else if (!first || !(error instanceof ApiProblem)) sayProblem(message, t, error)
}

function registered(form: FormInstance): string[] {
  return form.getFieldsError().map((field) => String(field.name[0]))
}
