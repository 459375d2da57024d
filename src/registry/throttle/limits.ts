import { z } from 'zod'

/** What requests are counted as: GET and HEAD read, PUT, PATCH and POST write; whoever asks for a token is `oauth`. */
export const OPERATION_CLASSES = ['read', 'write', 'delete', 'referrers', 'oauth'] as const
export type OperationClass = (typeof OPERATION_CLASSES)[number]

/** Requests a minute and region, of all together and of one identity; 0: as many as come. */
export type Rate = { readonly registry: number; readonly identity: number }
export type ThrottleLimits = Readonly<Record<OperationClass, Rate>>

/** ACR's Premium has these. */
export const premiumLimits: ThrottleLimits = {
  read: { registry: 20_000, identity: 10_000 },
  write: { registry: 4_000, identity: 2_000 },
  delete: { registry: 4_000, identity: 2_000 },
  referrers: { registry: 2_000, identity: 1_000 },
  oauth: { registry: 20_000, identity: 0 },
}

const perMinute = z.int().min(0).max(1_000_000_000)
const rate = z.object({ registry: perMinute, identity: perMinute })

/** A class that a control of an earlier version leaves out has its default. */
export const throttleLimits = z
  .object({
    read: rate.default(premiumLimits.read),
    write: rate.default(premiumLimits.write),
    delete: rate.default(premiumLimits.delete),
    referrers: rate.default(premiumLimits.referrers),
    oauth: rate.default(premiumLimits.oauth),
  })
  .default(premiumLimits)
