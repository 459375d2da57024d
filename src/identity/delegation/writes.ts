import { delegatedAccess } from './assign.ts'
import { delegations } from './delegations.ts'
import { offers } from './offers.ts'

/** Every write on offers and delegations; the control database's. */
export const delegationWrites = [offers, delegations, delegatedAccess].flatMap(part => Object.values(part))
