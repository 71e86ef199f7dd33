import { type UseMutationResult, useMutation, useQueryClient } from '@tanstack/react-query'
import { App, type FormInstance } from 'antd'
import { useTranslation } from 'react-i18next'
import { contractChanged } from '@/api/contracts'
import type { Contract } from '@/api/types'
import { showProblem } from '@/lib/formProblem'
import { noteUse } from '@/lib/usage'

interface Save<Body> {
  form: FormInstance
  /** What is done, as usage is counted. */
  use: string
  said: string
  send: (body: Body) => Promise<Contract>
  onClose: () => void
}

/** A form of a contract: sent, told, closed; what is wrong stands beside its field. */
export function useContractSave<Body>({
  form,
  use,
  said,
  send,
  onClose,
}: Save<Body>): UseMutationResult<Contract, Error, Body> {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const client = useQueryClient()
  return useMutation({
    mutationFn: send,
    onSuccess: async () => {
      noteUse(use)
      void message.success(said)
      onClose()
      await contractChanged(client)
    },
    onError: (error) => {
      showProblem(form, message, t, error)
      void contractChanged(client)
    },
  })
}
