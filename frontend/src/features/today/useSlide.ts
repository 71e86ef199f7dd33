import { type RefObject, useLayoutEffect, useRef } from 'react'
import { isStill } from '@/lib/media'

const SLIDE_MS = 360
// Sections within the list, cards within their section: each is positioned, so that `offsetTop` says where in its parent it stands.
const MOVERS = 'section, li'

/** When something comes or goes, the rest slides to its new place and takes no tap until it lies still. */
export function useSlide(list: RefObject<HTMLElement | null>): void {
  const places = useRef(new Map<Element, number>())
  useLayoutEffect(() => {
    const before = places.current
    places.current = new Map()
    for (const mover of list.current?.querySelectorAll<HTMLElement>(MOVERS) ?? []) {
      const now = mover.offsetTop
      const old = before.get(mover)
      places.current.set(mover, now)
      if (old !== undefined && old !== now) slide(mover, old - now)
    }
  })
}

function slide(mover: HTMLElement, from: number): void {
  if (typeof mover.animate !== 'function' || isStill()) return
  mover.animate(
    [
      { transform: `translateY(${from}px)`, pointerEvents: 'none' },
      { transform: 'none', pointerEvents: 'none' },
    ],
    { duration: SLIDE_MS, easing: 'cubic-bezier(0.2, 0, 0, 1)' },
  )
}
