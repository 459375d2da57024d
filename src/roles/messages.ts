import { z } from 'zod'
import { processShape } from '../api/index.ts'

/** Child to supervisor. */
export const fromChild = z.discriminatedUnion('type', [
  /** It serves. `password`: the admin's first one, made just now. */
  z.object({ type: z.literal('ready'), password: z.string().optional() }),
  /** Somebody sent it SIGTERM: may it stop? */
  z.object({ type: z.literal('asked') }),
  /** It can not run, and a restart would not help. */
  z.object({ type: z.literal('failed'), code: z.string(), says: z.string(), next: z.string() }),
])
export type FromChild = z.infer<typeof fromChild>

/** Supervisor to child. */
export const toChild = z.discriminatedUnion('type', [
  z.object({ type: z.literal('stop') }),
  z.object({ type: z.literal('processes'), processes: z.array(processShape) }),
])
export type ToChild = z.infer<typeof toChild>
