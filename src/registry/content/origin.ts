import type { IncomingMessage } from 'node:http'
import { auditActor, type Caller } from '../../identity/index.ts'
import { requestId } from '../../kernel/index.ts'
import type { ContentOrigin } from './record-content.ts'

/** A header as others are told of it: no longer than what real clients send. */
const LONGEST_TOLD = 200

/** What a request tells of who makes it, for the audit and for who follows the feed. */
export function originOf(req: IncomingMessage, caller: Caller, tenantId: string): ContentOrigin {
  const proof = caller.proof === undefined ? {} : { proof: caller.proof }
  const id = requestId(req)
  const told = (text: string | undefined) => (text ?? '').slice(0, LONGEST_TOLD)
  const request = { id, host: told(req.headers.host), userAgent: told(req.headers['user-agent']) }
  return { tenantId, actor: auditActor(caller, tenantId), onBehalfOf: [], requestId: id, request, ...proof }
}
