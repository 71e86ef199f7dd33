import { useMutation, useQueryClient } from '@tanstack/react-query'
import { App } from 'antd'
import { useTranslation } from 'react-i18next'
import type { ImportRun } from '@/api/types'
import { sayProblem } from '@/lib/formProblem'
import { importKeys } from './api'

/** Does something with a run and shows what it became; after a refusal the run is looked at again. */
export function useStep<T>(id: string, step: (what: T) => Promise<ImportRun>) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const client = useQueryClient()
  return useMutation({
    mutationFn: step,
    onSuccess: (run) => {
      client.setQueryData(importKeys.one(id), run)
      return client.invalidateQueries({ queryKey: importKeys.all })
    },
    onError: (error) => {
      sayProblem(message, t, error)
      return client.invalidateQueries({ queryKey: importKeys.one(id) })
    },
  })
}
