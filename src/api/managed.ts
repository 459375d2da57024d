import { z } from 'zod'
import { textField } from './fields.ts'

export const customerResourceList = z.object({
  resources: z.array(
    z.object({
      tenantId: z.string(),
      tenantName: z.string(),
      id: z.string(),
      kind: z.string(),
      name: z.string(),
      scope: z.string(),
      delegations: z.array(z.string()),
    }),
  ),
})
export type CustomerResourceList = z.output<typeof customerResourceList>

export const customerAssignmentBody = z.strictObject({ scope: textField, role: textField, principal: textField })
export type CustomerAssignmentBody = z.input<typeof customerAssignmentBody>

/** A role that an identity has in a customer's tenant. */
export const customerAssignmentShape = z.object({
  id: z.string(),
  scope: z.string(),
  principalId: z.string(),
  role: z.string(),
  source: z.string(),
})
export type CustomerAssignment = z.output<typeof customerAssignmentShape>

/** Which actions there are, and which are meant where none is named, is the route's to say. */
export const pickBody = z.strictObject({
  /** An agent or managed identity of the caller's own tenant, by id or name. */
  identity: textField,
  scope: textField,
  /** What it will do there. */
  needed: z.array(z.string()).max(100).optional(),
})
export type PickBody = z.input<typeof pickBody>

export const missingList = z.object({
  missing: z.array(
    z.object({
      action: z.string(),
      roles: z.array(z.string()),
      grantors: z.array(z.object({ id: z.string(), name: z.string(), role: z.string() })),
      remedy: z.string(),
      says: z.string(),
    }),
  ),
})
export type MissingList = z.output<typeof missingList>

export const pickShape = z.object({ added: z.array(customerAssignmentShape), missing: missingList.shape.missing })
export type Picked = z.output<typeof pickShape>
