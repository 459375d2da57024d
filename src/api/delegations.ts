import { z } from 'zod'
import { conditionField, scopeField } from './fields.ts'
import { grantShape } from './offers.ts'

const named = z.object({ id: z.string(), name: z.string() })

export const delegationShape = z.object({
  id: z.string(),
  customer: named,
  managingTenant: named,
  offer: z.string(),
  description: z.string(),
  scope: z.string(),
  /** The customer's; '' where there is none. */
  condition: z.string(),
  grants: z.array(grantShape),
  acceptedBy: z.string(),
  acceptedAt: z.int(),
})
export type Delegation = z.output<typeof delegationShape>

export const delegationList = z.object({ delegations: z.array(delegationShape) })

export const delegationQuery = z.object({ side: z.enum(['customer', 'managing']).default('customer') })
export type DelegationQuery = z.input<typeof delegationQuery>

export const reviewBody = z.strictObject({
  document: z.string().max(262_144),
  parameters: z.record(z.string().max(100), z.json()).default({}),
  map: z.record(z.string().max(100), z.string().max(100)).default({}),
  scope: scopeField.optional(),
  condition: conditionField.default(''),
})
export type ReviewBody = z.input<typeof reviewBody>

/** What an offer would grant, in words. */
export const reviewShape = z.object({
  digest: z.string(),
  scope: z.string(),
  managingTenant: named,
  offer: z.string(),
  sentences: z.array(z.string()),
  grants: z.array(grantShape),
})
export type Review = z.output<typeof reviewShape>

/** The same offer, and the digest that its review named. */
export const delegationBody = reviewBody.extend({ digest: z.string().max(100) })
export type DelegationBody = z.input<typeof delegationBody>

export const serviceProviderList = z.object({
  serviceProviders: z.array(named.extend({ delegations: z.array(z.string()), since: z.int() })),
})
export type ServiceProviderList = z.output<typeof serviceProviderList>
