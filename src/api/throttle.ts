import { z } from 'zod'

/** `referrers`: lists of referrers, which are reads too. `oauth`: whoever asks for a token. */
export const operationClass = z.enum(['read', 'write', 'delete', 'referrers', 'oauth'])
export type OperationClass = z.output<typeof operationClass>

const perMinute = z.int().min(0).max(1_000_000_000)

/** Requests a minute and region, of all together and of each identity; 0: as many as come. */
export const rateShape = z.object({ registry: perMinute, identity: perMinute })
const rateBody = z.strictObject(rateShape.shape)

export const throttleShape = z.object({
  read: rateShape,
  write: rateShape,
  delete: rateShape,
  referrers: rateShape,
  oauth: rateShape,
})
export type ThrottleLimits = z.output<typeof throttleShape>

/** A class that is left out stays as it is. */
export const throttleChange = z.strictObject({
  read: rateBody.exactOptional(),
  write: rateBody.exactOptional(),
  delete: rateBody.exactOptional(),
  referrers: rateBody.exactOptional(),
  oauth: rateBody.exactOptional(),
})
export type ThrottleChange = z.input<typeof throttleChange>
