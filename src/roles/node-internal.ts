import type { IncomingMessage, ServerResponse } from 'node:http'
import { z } from 'zod'
import { failure, type HttpHandler, type Jobs, METRICS_TYPE, type Metrics, readBody } from '../kernel/index.ts'
import type { NodeAudit } from './node-audit.ts'
import type { NodeQuestions } from './node-questions.ts'

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
  /** What rooms answer, by `METHOD path`. */
  questions: readonly NodeQuestions[]
  dataPlane: HttpHandler
}

const LARGEST_BODY = 1024 * 1024

const PREFIX = '/internal/v1/'

/**
 * What a node answers on its unix socket: the registry, for requests that a sibling forwards, and what control asks.
 * The folder of the socket lets nobody in but this user, so nothing here is asked for a key.
 */
export function createNodeInternal({ jobs, metrics, health, audit, questions, dataPlane }: Parts): HttpHandler {
  const asked = new Map(questions.flatMap(of => Object.entries(of)))

  return (req, res) => {
    const url = new URL(req.url ?? '/', 'http://node')
    if (!url.pathname.startsWith(PREFIX)) return dataPlane(req, res)
    return answer(`${req.method} ${url.pathname.slice(PREFIX.length)}`, url, req, res)
  }

  async function answer(what: string, url: URL, req: IncomingMessage, res: ServerResponse): Promise<void> {
    if (what === 'GET metrics') return send(res, METRICS_TYPE, metrics.text())
    if (what === 'GET health') return sendJson(res, health())
    if (what === 'GET jobs') {
      const query = listQuery.parse(Object.fromEntries(url.searchParams))
      return sendJson(res, { jobs: await jobs.list(query) })
    }
    if (what === 'GET audit/export') return audit.export(url.searchParams, res)
    const ofAudit = /^GET audit\/([a-z]+)$/.exec(what)?.[1]
    const told = ofAudit === undefined ? undefined : await audit.answer(ofAudit, url.searchParams)
    if (told !== undefined) return sendJson(res, told)
    const question = asked.get(what)
    if (question) {
      const query = Object.fromEntries(url.searchParams)
      return sendJson(res, await question({ query, body: await readJson(req) }))
    }
    const retry = /^POST jobs\/([^/]+)\/retry$/.exec(what)?.[1]
    if (retry === undefined) throw Unknown(url.pathname)
    await jobs.retry(decodeURIComponent(retry))
    sendJson(res, {})
  }
}

async function readJson(req: IncomingMessage): Promise<unknown> {
  const text = (await readBody(req, LARGEST_BODY)).toString()
  return text === '' ? undefined : JSON.parse(text)
}

function sendJson(res: ServerResponse, value: unknown): void {
  send(res, 'application/json', JSON.stringify(value))
}

function send(res: ServerResponse, type: string, text: string): void {
  res.writeHead(200, { 'content-type': type, 'content-length': Buffer.byteLength(text) })
  res.end(text)
}
