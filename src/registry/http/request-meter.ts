import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Clock, Histogram, Metrics, Ms } from '../../kernel/index.ts'

/** Counts a request and how long it took, by what was asked, how, and what was answered. */
export function createRequestMeter({ metrics, clock }: { metrics: Metrics; clock: Clock }) {
  const requests = metrics.histogram(
    'towpath_registry_request_seconds',
    'Registry requests, from their headers to the end of their answer, in seconds.',
    ['endpoint', 'method', 'status'],
  )
  // A handle is resolved once: what is left for a request is two lookups.
  const handles = new Map<string, Map<number, Histogram>>()

  return (endpoint: string, req: IncomingMessage, res: ServerResponse, started: Ms): void => {
    const method = METHODS.has(req.method ?? '') ? (req.method ?? '') : 'other'
    const key = `${endpoint} ${method}`
    let byStatus = handles.get(key)
    if (byStatus === undefined) {
      byStatus = new Map()
      handles.set(key, byStatus)
    }
    let handle = byStatus.get(res.statusCode)
    if (handle === undefined) {
      handle = requests.with({ endpoint, method, status: String(res.statusCode) })
      byStatus.set(res.statusCode, handle)
    }
    handle.observe((clock.monotonic() - started) / 1000)
  }
}

// Methods are text of strangers; a label must not be.
const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'])
