import { type ReactNode, useEffect, useRef, useState } from 'react'

/** Scrolls sideways where it must, by the keyboard too: one more stop of Tab, and only where there is more to see. */
export function Scroller({ label, children }: { label: string; children: ReactNode }) {
  const box = useRef<HTMLDivElement>(null)
  const [scrolls, setScrolls] = useState(false)
  useEffect(() => {
    const outer = box.current
    if (!outer) return undefined
    const sizes = new ResizeObserver(() => setScrolls(outer.scrollWidth > outer.clientWidth))
    for (const one of [outer, ...outer.children]) sizes.observe(one)
    return () => sizes.disconnect()
  }, [])
  return (
    <div
      ref={box}
      className="relative overflow-x-auto focus-visible:-outline-offset-2"
      {...(scrolls ? { tabIndex: 0, role: 'region', 'aria-label': label } : {})}
    >
      {children}
    </div>
  )
}
