import { z } from 'zod'
import { textField } from './fields.ts'

export const eventsQuery = z.object({
  /** By id or by name: the tenant that a page is about. */
  tenant: textField,
})

/** What an event of the stream says: how far things are now, so that one that was missed is not missed. */
export const liveShape = z.object({
  /** Grows with every change of the tenant that the page is about. */
  tenant: z.object({ id: z.string(), version: z.int() }),
  /** Of the caller's own: it decides what the caller may do elsewhere. */
  own: z.object({ id: z.string(), version: z.int() }),
  /** How far the audit of the tenant is sealed, by region; absent where the caller may not read it. */
  audit: z.string().optional(),
  /** Differs once a process has another state; absent where the caller may not see them. */
  status: z.string().optional(),
})
export type Live = z.output<typeof liveShape>
