import { useQuery } from '@tanstack/react-query'
import { useCallback } from 'react'
import { useTranslation } from 'react-i18next'
import { documentKindsQuery } from '@/api/documents'
import { asLanguage } from '@/i18n/i18n'
import { kindName } from './documentWords'

/** How kinds of documents are called, by their keys; a key stands for itself until the kinds are here. */
export function useDocumentName(isNeeded = true): (key: string) => string {
  const { i18n } = useTranslation()
  const language = asLanguage(i18n.language)
  const kinds = useQuery({ ...documentKindsQuery, enabled: isNeeded }).data?.items
  return useCallback(
    (key) => {
      const kind = kinds?.find((one) => one.key === key)
      return kind ? kindName(kind, language) : key
    },
    [kinds, language],
  )
}
