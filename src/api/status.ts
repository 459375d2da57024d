import { z } from 'zod'

/** What the supervisor knows of one process. */
export const processShape = z.object({
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
export type ProcessState = z.output<typeof processShape>

const node = z.object({
  region: z.string(),
  node: z.int(),
  answers: z.boolean(),
  health: z.record(z.string(), z.unknown()).optional(),
})

export const statusShape = z.object({
  version: z.string(),
  /** The server's clock, so that ages need not trust two. */
  now: z.int(),
  upSince: z.int(),
  endpoints: z.object({ control: z.string(), registry: z.string(), regions: z.record(z.string(), z.string()) }),
  /** Absent where control runs without a supervisor. */
  processes: z.array(processShape).optional(),
  nodes: z.array(node),
  /** Why control can't use sealed secrets; null where it can. A node's own stands in its health. */
  secretsLocked: z.string().nullable().optional(),
})
export type Status = z.output<typeof statusShape>

export const aliveShape = z.object({ status: z.literal('ok') })
export const readyShape = z.object({ ready: z.literal(true) })
export const notReadyShape = z.object({ ready: z.literal(false), waitingFor: z.array(z.string()) })
