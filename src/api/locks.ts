import { z } from 'zod'
import { idField } from './fields.ts'

const kind = z.enum(['read-only', 'no-delete'])

export const lockShape = z.object({ id: z.string(), kind, nodeId: z.string(), note: z.string() })
export type Lock = z.output<typeof lockShape>

export const lockList = z.object({ locks: z.array(lockShape) })

export const lockBody = z.strictObject({ nodeId: idField, kind, note: z.string().max(500).default('') })
export type LockBody = z.input<typeof lockBody>
