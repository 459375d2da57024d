import type { IncomingMessage } from 'node:http'
import { auditActor, type Caller } from '../identity/index.ts'
import { requestId } from '../kernel/index.ts'
import type { ContentOrigin } from './record-content.ts'

/** What a request tells of who makes it, for the audit. */
export function originOf(req: IncomingMessage, caller: Caller, tenantId: string): ContentOrigin {
  const proof = caller.proof === undefined ? {} : { proof: caller.proof }
  return { tenantId, actor: auditActor(caller, tenantId), onBehalfOf: [], requestId: requestId(req), ...proof }
}
