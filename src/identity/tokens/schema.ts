import { keyWrites } from './key-rows.ts'
import { tokenMigrations } from './rows.ts'
import { scopeMapWrites } from './scope-map-writes.ts'
import { tokenWrites as ownWrites } from './token-writes.ts'

/** Every write on the tables of tokens, scope maps and signing keys. */
export const tokenWrites = [...ownWrites, ...scopeMapWrites, ...keyWrites]
export { tokenMigrations }
