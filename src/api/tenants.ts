import { z } from 'zod'
import { nameField } from './fields.ts'

export const tenantShape = z.object({ id: z.string(), name: z.string(), createdAt: z.int() })
export type Tenant = z.output<typeof tenantShape>

export const tenantList = z.object({ tenants: z.array(tenantShape) })

export const tenantBody = z.strictObject({ name: nameField })
export type TenantBody = z.input<typeof tenantBody>
