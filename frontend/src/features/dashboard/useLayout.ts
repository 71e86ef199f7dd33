import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { App } from 'antd'
import { useCallback, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { SavedView } from '@/api/types'
import { changeView, createView, removeView, viewKeys, viewsQuery } from '@/api/views'
import { sayProblem } from '@/lib/formProblem'
import { isSame, readLayout, type Tile, USUAL } from './layout'

const SUBJECT = 'dashboard'
const SAVED_AFTER = 500

/** One's own arrangement: shown at once, kept soon after the last change or when the page is left before that. */
export function useLayout() {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const client = useQueryClient()
  const views = useQuery(viewsQuery(SUBJECT))
  const kept = views.data?.items.find((view) => view.is_mine && view.is_default)
  const [wanted, setWanted] = useState<Tile[]>()
  const waiting = useRef<ReturnType<typeof setTimeout>>(undefined)
  const unkept = useRef<Tile[]>(undefined)
  const put = (view: SavedView | undefined): void => {
    client.setQueryData(viewsQuery(SUBJECT).queryKey, { items: view ? [view] : [] })
  }
  const said = {
    onError: async (error: unknown) => {
      sayProblem(message, t, error)
      await client.invalidateQueries({ queryKey: viewKeys.all })
      setWanted(undefined)
    },
  }
  const save = useMutation({
    mutationFn: (tiles: Tile[]) => {
      const now = client
        .getQueryData(viewsQuery(SUBJECT).queryKey)
        ?.items.find((view) => view.is_mine && view.is_default)
      const settings = { tiles: tiles.map((tile) => ({ ...tile })) }
      return now
        ? changeView(now.id, now.version, { settings })
        : createView({ subject: SUBJECT, name: SUBJECT, settings, sharing: 'own', is_default: true })
    },
    onSuccess: put,
    scope: { id: SUBJECT },
    ...said,
  })
  const reset = useMutation({
    mutationFn: async () => {
      clearTimeout(waiting.current)
      unkept.current = undefined
      const now = client
        .getQueryData(viewsQuery(SUBJECT).queryKey)
        ?.items.find((view) => view.is_mine && view.is_default)
      if (now) await removeView(now.id)
    },
    onSuccess: () => {
      put(undefined)
      setWanted(undefined)
    },
    scope: { id: SUBJECT },
    ...said,
  })
  const keep = useRef(save.mutate)
  keep.current = save.mutate
  const keepNow = useCallback(() => {
    clearTimeout(waiting.current)
    if (unkept.current) keep.current(unkept.current)
    unkept.current = undefined
  }, [])
  useEffect(() => {
    unkept.current = wanted
    if (!wanted) return
    waiting.current = setTimeout(keepNow, SAVED_AFTER)
    return () => clearTimeout(waiting.current)
  }, [wanted, keepNow])
  useEffect(() => {
    window.addEventListener('pagehide', keepNow)
    return () => {
      window.removeEventListener('pagehide', keepNow)
      keepNow()
    }
  }, [keepNow])
  const tiles = wanted ?? readLayout(kept?.settings)
  return {
    isReady: !views.isPending,
    tiles,
    isUsual: isSame(tiles, USUAL),
    arrange: setWanted,
    reset: () => reset.mutate(),
  }
}
