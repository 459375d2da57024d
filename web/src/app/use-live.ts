import { type QueryClient, useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import type { Live } from '../../../src/api/index.ts'
import { isRefusal } from '../api/problem.ts'
import { sessionQuery } from '../api/session.ts'
import { statusQuery } from '../api/status.ts'

/** After a refusal: who may not have one more stream soon may again. */
const AGAIN_MS = 30_000
/** A stream ends after a minute and comes again at once: nobody needs to hear of that. */
const LOST_MS = 5_000

/**
 * Keeps what is shown of a tenant as it is: one stream of events a tab, and none while nobody looks at it,
 * since a browser opens only six connections to a host that speaks HTTP/1.1. False while it is lost.
 */
export function useLive(tenantId: string | undefined): boolean {
  const queryClient = useQueryClient()
  const [lost, setLost] = useState(false)
  useEffect(() => {
    if (tenantId === undefined) return undefined
    let source: EventSource | undefined
    let waiting: ReturnType<typeof setTimeout> | undefined
    let losing: ReturnType<typeof setTimeout> | undefined
    let last: Live | undefined

    const close = () => {
      source?.close()
      source = undefined
      clearTimeout(waiting)
    }
    const found = () => {
      clearTimeout(losing)
      losing = undefined
      setLost(false)
    }
    const open = () => {
      close()
      source = new EventSource(`/api/v1/events?tenant=${encodeURIComponent(tenantId)}`)
      source.addEventListener('open', () => {
        found()
        askAgain(queryClient)
      })
      source.addEventListener('live', ({ data }) => {
        const live: Live = JSON.parse(data)
        if (last) tell(queryClient, last, live)
        last = live
      })
      source.addEventListener('error', () => {
        losing ??= setTimeout(() => setLost(true), LOST_MS)
        // It comes again by itself, unless it was refused: then the session says why.
        if (source?.readyState !== EventSource.CLOSED) return
        queryClient.invalidateQueries(sessionQuery)
        waiting = setTimeout(open, AGAIN_MS)
      })
    }
    const look = () => {
      found()
      if (document.hidden) close()
      else open()
    }
    look()
    document.addEventListener('visibilitychange', look)
    return () => {
      document.removeEventListener('visibilitychange', look)
      close()
      found()
    }
  }, [queryClient, tenantId])
  return !lost
}

/** What control could not answer while it was away. */
function askAgain(queryClient: QueryClient): void {
  queryClient.invalidateQueries({ predicate: ({ state }) => state.status === 'error' && !isRefusal(state.error) })
}

function tell(queryClient: QueryClient, before: Live, { tenant, own, audit, status }: Live): void {
  const stale = (queryKey: readonly unknown[]) =>
    // What is refused stays refused: asking again would be one more refusal in the audit, and that an event.
    queryClient.invalidateQueries({ queryKey, predicate: query => query.state.status !== 'error' })
  if (tenant.version !== before.tenant.version) stale(['tenant', tenant.id])
  if (audit !== before.audit) stale(['tenant', tenant.id, 'audit'])
  if (status !== before.status) stale(statusQuery.queryKey)
  if (own.version !== before.own.version) stale(sessionQuery.queryKey)
}
