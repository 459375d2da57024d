import { z } from 'zod'

/** What the supervisor knows of one process; control shows it. */
export const processState = z.object({
  /** `control`, `writer home`, `region home 0`. */
  name: z.string(),
  role: z.enum(['control', 'writer', 'region']),
  state: z.enum(['starting', 'ready', 'waiting', 'stopping', 'stopped']),
  pid: z.int().optional(),
  /** How often it was started again. */
  restarts: z.int(),
  /** Since when it is in this state, UTC milliseconds. */
  since: z.int(),
  /** How it ended last: `exit 1`, `SIGKILL`. */
  lastEnd: z.string().optional(),
})
export type ProcessState = z.infer<typeof processState>

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
  z.object({ type: z.literal('processes'), processes: z.array(processState) }),
])
export type ToChild = z.infer<typeof toChild>
