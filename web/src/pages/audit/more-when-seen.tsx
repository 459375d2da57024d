import { useEffect, useRef } from 'react'
import { problemOf } from '../../api/problem.ts'
import { Button } from '../../ui/button.tsx'
import { ProblemNote } from '../../ui/problem-note.tsx'

type Props = { busy: boolean; error: Error | null | undefined; onMore: () => void }

/** Asks for more before the end of the list is reached; a button for who does not scroll, or where that failed. */
export function MoreWhenSeen({ busy, error, onMore }: Props) {
  const end = useRef<HTMLDivElement>(null)
  const more = useRef(onMore)
  more.current = onMore
  const waits = busy || Boolean(error)
  useEffect(() => {
    if (waits || !end.current) return undefined
    const seen = new IntersectionObserver(
      ([entry]) => {
        if (entry?.isIntersecting) more.current()
      },
      { rootMargin: '600px' },
    )
    seen.observe(end.current)
    return () => seen.disconnect()
  }, [waits])
  return (
    <div ref={end} className="flex flex-col items-center gap-3 border-t border-line px-4 py-3">
      {error ? <ProblemNote problem={problemOf(error)} /> : null}
      <Button size="small" busy={busy} onClick={onMore}>
        {busy ? 'Looking further back …' : 'Show older'}
      </Button>
    </div>
  )
}
