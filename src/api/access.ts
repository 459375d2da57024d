import { z } from 'zod'
import { conditionField, idField, scopeField } from './fields.ts'

export const assignmentShape = z.object({
  id: z.string(),
  principalTenantId: z.string(),
  principalId: z.string(),
  roleId: z.string(),
  scope: z.string(),
  condition: z.string(),
  /** `direct`, or the delegation that it comes from. */
  source: z.string(),
  createdAt: z.int(),
})
export type Assignment = z.output<typeof assignmentShape>

const listedAssignment = assignmentShape.extend({
  /** What its tenant calls it: a tenant sees no other way who of a managing tenant has something in it. */
  principalName: z.string().default(''),
})
export type ListedAssignment = z.output<typeof listedAssignment>

export const assignmentList = z.object({ assignments: z.array(listedAssignment) })

export const assignmentBody = z.strictObject({
  principalId: idField,
  roleId: idField,
  scope: scopeField,
  condition: conditionField.default(''),
})
export type AssignmentBody = z.input<typeof assignmentBody>

/** Which actions there are is identity's to say: the route narrows `action` to them. */
export const decisionQuery = z.object({ principal: idField, action: z.string(), scope: scopeField })
export type DecisionQuery = z.input<typeof decisionQuery>

export const decisionShape = z.object({ allowed: z.boolean(), policies: z.array(z.string()), reason: z.string() })
export type Decision = z.output<typeof decisionShape>
