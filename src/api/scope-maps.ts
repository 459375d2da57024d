import { z } from 'zod'

const lines = z.array(z.string().max(400)).max(1000)
const description = z.string().max(256)

export const scopeMapShape = z.object({
  name: z.string(),
  type: z.enum(['UserDefined', 'SystemDefined']),
  description: z.string(),
  actions: z.array(z.string()),
  /** UTC milliseconds; 0 for the system's own. */
  createdAt: z.int(),
})
export type ScopeMap = z.output<typeof scopeMapShape>

export const scopeMapList = z.object({ scopeMaps: z.array(scopeMapShape) })

export const scopeMapBody = z.strictObject({
  name: z.string().regex(/^[A-Za-z0-9](?:[A-Za-z0-9-]{3,62})[A-Za-z0-9]$/, 'letters, digits and "-", 5 to 64 in all'),
  description: description.default(''),
  actions: lines.min(1),
})
export type ScopeMapBody = z.input<typeof scopeMapBody>

export const scopeMapChange = z.strictObject({
  description: description.optional(),
  add: lines.default([]),
  remove: lines.default([]),
})
export type ScopeMapChange = z.input<typeof scopeMapChange>
