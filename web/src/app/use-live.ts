import { type QueryClient, useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import type { Live } from '../../../src/api/index.ts'
import { sessionQuery } from '../api/session.ts'
import { statusQuery } from '../api/status.ts'

/** After a refusal: who may not have one more stream soon may again. */
const AGAIN_MS = 30_000

/**
 * Keeps what is shown of a tenant as it is: one stream of events a tab, and none while nobody looks at it,
 * since a browser opens only six connections to a host that speaks HTTP/1.1.
 */
export function useLive(tenantId: string | undefined): void {
  const queryClient = useQueryClient()
  useEffect(() => {
    if (tenantId === undefined) return undefined
    let source: EventSource | undefined
    let waiting: ReturnType<typeof setTimeout> | undefined
    let last: Live | undefined

    const close = () => {
      source?.close()
      source = undefined
      clearTimeout(waiting)
    }
    const open = () => {
      close()
      source = new EventSource(`/api/v1/events?tenant=${encodeURIComponent(tenantId)}`)
      source.addEventListener('live', ({ data }) => {
        const live: Live = JSON.parse(data)
        if (last) tell(queryClient, last, live)
        last = live
      })
      source.addEventListener('error', () => {
        // It comes again by itself, unless it was refused: then the session says why.
        if (source?.readyState !== EventSource.CLOSED) return
        queryClient.invalidateQueries(sessionQuery)
        waiting = setTimeout(open, AGAIN_MS)
      })
    }
    const look = () => (document.hidden ? close() : open())
    look()
    document.addEventListener('visibilitychange', look)
    return () => {
      document.removeEventListener('visibilitychange', look)
      close()
    }
  }, [queryClient, tenantId])
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
