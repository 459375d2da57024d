import { z } from 'zod'
import { textField } from './fields.ts'

const whole = z.object({ kind: z.literal('tenant') })
const group = z.object({ kind: z.literal('group'), name: z.string().min(1).max(100) })
const resource = z.object({ kind: z.literal('resource'), name: z.string().min(1).max(100) })

export const grantShape = z.object({
  principalId: z.string(),
  principalName: z.string(),
  roleId: z.string(),
  role: z.string(),
  delegatedRoles: z.array(z.string()),
})
export type Grant = z.output<typeof grantShape>

export const offerShape = z.object({
  id: z.string(),
  name: z.string(),
  description: z.string(),
  scope: z.discriminatedUnion('kind', [whole, group, resource]),
  grants: z.array(grantShape),
  createdAt: z.int(),
})
export type Offer = z.output<typeof offerShape>

export const offerList = z.object({ offers: z.array(offerShape) })

export const offerBody = z.strictObject({
  name: textField,
  description: z.string().max(1000).default(''),
  scope: z.discriminatedUnion('kind', [whole.strict(), group.strict(), resource.strict()]).default({ kind: 'tenant' }),
  grants: z
    .array(
      z.strictObject({ principal: textField, role: textField, delegatedRoles: z.array(textField).max(50).default([]) }),
    )
    .min(1)
    .max(100),
})
export type OfferBody = z.input<typeof offerBody>

export const documentQuery = z.object({ form: z.enum(['arm', 'yaml']).default('arm') })
export type DocumentQuery = z.input<typeof documentQuery>

/** The file that a customer accepts. */
export const documentShape = z.object({ fileName: z.string(), document: z.string() })
export type OfferDocument = z.output<typeof documentShape>

export const delegableRoleList = z.object({
  roles: z.array(z.object({ id: z.string(), name: z.string(), description: z.string(), azureId: z.string() })),
})
export type DelegableRoleList = z.output<typeof delegableRoleList>
