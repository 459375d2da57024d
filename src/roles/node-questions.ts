import { z } from 'zod'
import type { ContentOrigin } from '../registry/index.ts'
import type { Session } from './api/session.ts'

/** The query as text; the body as JSON, undefined where there is none. Both are parsed by who answers. */
export type NodeAsked = { readonly query: Readonly<Record<string, string>>; readonly body: unknown }

/** What a node answers to control, by `METHOD path` below /internal/v1/. Who asks was let through by control. */
export type NodeQuestions = Readonly<Record<string, (asked: NodeAsked) => Promise<unknown>>>

const actor = z.object({ id: z.string(), kind: z.string(), tenantId: z.string() })

/** Who asked control for a change, as it goes along with the question; what the region does is in its audit under this. */
export const askedBy: z.ZodType<ContentOrigin> = z.object({
  tenantId: z.string(),
  actor,
  onBehalfOf: z.array(actor),
  managingTenantId: z.string().exactOptional(),
  policyId: z.string().exactOptional(),
  requestId: z.string().exactOptional(),
})

/** The same at control; `tenantId` is whose the registry is. */
export function byWhom(session: Pick<Session, 'audit'>, tenantId: string): ContentOrigin {
  const { region: _, ...origin } = session.audit(tenantId)
  return origin
}
