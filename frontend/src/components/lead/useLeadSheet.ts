import { useMutation, useQueryClient } from '@tanstack/react-query'
import { App, Form, type FormInstance } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { leadChanged } from '@/api/leads'
import { newerState } from '@/api/problem'
import type { Lead } from '@/api/types'
import { showProblem } from '@/lib/formProblem'
import { noteUse } from '@/lib/usage'

interface Options<Fields, Saved> {
  feature: string
  /** The lead that is changed, where there is one already. */
  leadId?: string
  /** `newer` is the lead as somebody else has just made it, where the person goes on all the same. */
  save: (fields: Fields, newer: Lead | null) => Promise<Saved>
  /** What a passing message says when it is done. */
  said: (fields: Fields, saved: Saved) => string
  onSaved?: (saved: Saved) => void
  onClose: () => void
}

export interface LeadSheetForm<Fields> {
  form: FormInstance<Fields>
  isSaving: boolean
  save: (fields: Fields) => void
  /** The lead as somebody else has just made it (412). */
  newer: Lead | null
}

/** What every sheet that changes leads does: saves, says so, closes and renews what the change made old; errors stand beside their fields. */
export function useLeadSheet<Fields extends object, Saved>(options: Options<Fields, Saved>): LeadSheetForm<Fields> {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const client = useQueryClient()
  const [form] = Form.useForm<Fields>()
  const [newer, setNewer] = useState<Lead | null>(null)
  const saving = useMutation({
    mutationFn: (fields: Fields) => options.save(fields, newer),
    onSuccess: async (saved, fields) => {
      noteUse(options.feature)
      void message.success(options.said(fields, saved))
      options.onClose()
      options.onSaved?.(saved)
      await leadChanged(client, options.leadId)
    },
    onError: (error) => {
      const current = newerState<Lead>(error)
      if (!current) return showProblem(form, message, t, error)
      setNewer(current)
      void leadChanged(client)
    },
  })
  return { form, isSaving: saving.isPending, save: saving.mutate, newer }
}
