import type { IncomingMessage, ServerResponse } from 'node:http'
import { z } from 'zod'
import { failure, type HttpHandler, type Jobs, METRICS_TYPE, type Metrics } from '../kernel/index.ts'
import type { NodeAudit } from './node-audit.ts'
import type { NodeWebhooks } from './node-webhooks.ts'

const Unknown = failure('ROUTE_UNKNOWN', 404, (path: string) => ({
  says: `There is nothing at ${path}`,
  next: 'Run all processes in one version',
}))

const listQuery = z.object({
  state: z.enum(['pending', 'dead']),
  limit: z.coerce.number().int().min(1).max(500).default(100),
})

type Parts = {
  jobs: Jobs
  metrics: Metrics
  health: () => Record<string, unknown>
  audit: NodeAudit
  webhooks: NodeWebhooks
  dataPlane: HttpHandler
}

const PREFIX = '/internal/v1/'

/**
 * What a node answers on its unix socket: the registry, for requests that a sibling forwards, and what control asks.
 * The folder of the socket lets nobody in but this user, so nothing here is asked for a key.
 */
export function createNodeInternal({ jobs, metrics, health, audit, webhooks, dataPlane }: Parts): HttpHandler {
  return (req, res) => {
    const url = new URL(req.url ?? '/', 'http://node')
    if (!url.pathname.startsWith(PREFIX)) return dataPlane(req, res)
    return answer(`${req.method} ${url.pathname.slice(PREFIX.length)}`, url, req, res)
  }

  async function answer(what: string, url: URL, _req: IncomingMessage, res: ServerResponse): Promise<void> {
    if (what === 'GET metrics') return send(res, METRICS_TYPE, metrics.text())
    if (what === 'GET health') return sendJson(res, health())
    if (what === 'GET jobs') {
      const query = listQuery.parse(Object.fromEntries(url.searchParams))
      return sendJson(res, { jobs: await jobs.list(query) })
    }
    if (what === 'GET audit/export') return audit.export(url.searchParams, res)
    const asked = /^GET audit\/([a-z]+)$/.exec(what)?.[1]
    const told = asked === undefined ? undefined : await audit.answer(asked, url.searchParams)
    if (told !== undefined) return sendJson(res, told)
    const ofWebhooks = await webhooks(what, url.searchParams)
    if (ofWebhooks !== undefined) return sendJson(res, ofWebhooks)
    const retry = /^POST jobs\/([^/]+)\/retry$/.exec(what)?.[1]
    if (retry === undefined) throw Unknown(url.pathname)
    await jobs.retry(decodeURIComponent(retry))
    sendJson(res, {})
  }
}

function sendJson(res: ServerResponse, value: unknown): void {
  send(res, 'application/json', JSON.stringify(value))
}

function send(res: ServerResponse, type: string, text: string): void {
  res.writeHead(200, { 'content-type': type, 'content-length': Buffer.byteLength(text) })
  res.end(text)
}
