import { z } from 'zod'

const patterns = z.array(z.string().max(100)).max(200)

export const roleShape = z.object({
  id: z.string(),
  name: z.string(),
  description: z.string(),
  builtIn: z.boolean(),
  actions: z.array(z.string()),
  notActions: z.array(z.string()),
  dataActions: z.array(z.string()),
  azureId: z.string().optional(),
})
export type Role = z.output<typeof roleShape>

/** `actions`: everything that a role can allow. */
export const roleList = z.object({ roles: z.array(roleShape), actions: z.array(z.string()) })
export type RoleList = z.output<typeof roleList>

export const roleBody = z.strictObject({
  name: z.string().regex(/^[A-Za-z][\w .-]{0,98}[\w.]$/, 'letters, digits, spaces and ". - _", from a letter on'),
  description: z.string().max(500).default(''),
  actions: patterns.default([]),
  notActions: patterns.default([]),
  dataActions: patterns.default([]),
})
export type RoleBody = z.input<typeof roleBody>
