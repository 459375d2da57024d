import { ACTIONS, type Action, DATA_ACTIONS, names } from './actions.ts'

/** What somebody may do, without where and who: an assignment adds those. */
export type Role = {
  /** `rol_…`. */
  readonly id: string
  readonly name: string
  readonly description: string
  /** The same in every tenant and never changed. Custom ones belong to a tenant. */
  readonly builtIn: boolean
  /** Patterns over `ACTIONS`: `*`, `registry/*` or `registry/read`. */
  readonly actions: readonly string[]
  /** Taken out of `actions`; what another role grants stays granted. */
  readonly notActions: readonly string[]
  /** Patterns over `DATA_ACTIONS`. */
  readonly dataActions: readonly string[]
  /** The id of the Azure role that this one answers to. */
  readonly azureId?: string
}

/** What a role comes to, spelled out and in the order of the catalogue. */
export function actionsOf(role: Pick<Role, 'actions' | 'notActions' | 'dataActions'>): Action[] {
  const some = (patterns: readonly string[], action: string) => patterns.some(pattern => names(pattern, action))
  return [
    ...ACTIONS.filter(action => some(role.actions, action) && !some(role.notActions, action)),
    ...DATA_ACTIONS.filter(action => some(role.dataActions, action)),
  ]
}
