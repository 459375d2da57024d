import { z } from 'zod'

/** The id of anything: `reg_…`, `prn_…`. */
export const idField = z.string().max(70)

/** What tenants, groups and registries are called. */
export const nameField = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,61}[a-z0-9]$/, 'a lower-case letter, then letters, digits and "-", 2 to 63 in all')

/** A place, as `/tenants/<id>/groups/<id>`. */
export const scopeField = z.string().max(200)

/** Something by its id or by a name that people gave it. */
export const textField = z.string().max(200)

/** A Cedar expression; '' where it always holds. */
export const conditionField = z.string().max(1000)

/** What comes with 204. */
export const nothing = z.undefined()
