import { z } from 'zod'
import { idField, nameField } from './fields.ts'

/** A tenant, a group in it or a resource in those. */
export const placeShape = z.object({
  id: z.string(),
  kind: z.string(),
  name: z.string(),
  parentId: z.string(),
  /** As assignments name it. */
  scope: z.string(),
})
export type Place = z.output<typeof placeShape>

export const placeList = z.object({ resources: z.array(placeShape) })

export const groupBody = z.strictObject({ name: nameField, parentId: idField.optional() })
export type GroupBody = z.input<typeof groupBody>

export const moveBody = z.strictObject({ parentId: idField })
export type MoveBody = z.input<typeof moveBody>
