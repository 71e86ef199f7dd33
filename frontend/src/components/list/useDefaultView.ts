import { useQuery } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import type { SavedView, ViewSubject } from '@/api/types'
import { viewsQuery } from '@/api/views'

/** Whoever comes by the menu, with nothing said, finds the view that they chose as their first. */
export function useDefaultView(subject: ViewSubject, search: object, show: (view: SavedView) => void): void {
  const isPlain = useRef(Object.values(search).every((value) => value === undefined))
  const views = useQuery({ ...viewsQuery(subject), enabled: isPlain.current })
  useEffect(() => {
    if (!isPlain.current || !views.data) return
    isPlain.current = false
    const first = views.data.items.find((view) => view.is_default)
    if (first) show(first)
  }, [views.data, show])
}
