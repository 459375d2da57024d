import { randomBytes } from 'node:crypto'
import type { IncomingMessage } from 'node:http'

const ID = Symbol('request id')
/** What is safe in a header, a log line and a shell. */
const WELL_FORMED = /^[A-Za-z0-9._:-]{8,64}$/

// One draw for a process, then a counter: random bytes for each request would cost more than the rest of it.
const prefix = randomBytes(5).toString('hex')
let count = 0

type Marked = IncomingMessage & { [ID]?: string }

/** The caller's own X-Request-Id where it is well formed, else a new one; the same at every call. */
export function requestId(req: IncomingMessage): string {
  const marked: Marked = req
  const known = marked[ID]
  if (known !== undefined) return known
  const given = req.headers['x-request-id']
  const id = typeof given === 'string' && WELL_FORMED.test(given) ? given : `${prefix}-${(count++).toString(36)}`
  marked[ID] = id
  return id
}
