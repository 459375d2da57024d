import { auditMigrations, auditWrites } from '../audit/index.ts'
import {
  delegationMigrations,
  delegationWrites,
  identityMigrations,
  identityWrites,
  tenantMigrations,
  tenantWrites,
  tokenMigrations,
  tokenWrites,
} from '../identity/index.ts'
import {
  type AnyWrite,
  feedMigrations,
  feedWrites,
  jobMigrations,
  jobWrites,
  leaseMigrations,
  leaseWrites,
  type Migration,
  vaultMigrations,
  vaultWrites,
} from '../kernel/index.ts'
import {
  registryConfigMigrations,
  registryConfigWrites,
  registryMigrations,
  registryWrites,
} from '../registry/index.ts'
import { configCopyMigrations, configCopyWrites } from './config-copy.ts'
import { registryChanges } from './registry-changes.ts'
import { rewrapDataKeys } from './rotate-master-key.ts'
import { rotateSigningKey, scopeMapChanges, tokenChanges } from './token-changes.ts'

type Schema = { readonly migrations: readonly Migration[]; readonly writes: readonly AnyWrite[] }

/** The tables of control, and every write on them. */
export const controlSchema: Schema = {
  migrations: [
    ...leaseMigrations,
    ...vaultMigrations,
    ...auditMigrations,
    ...identityMigrations,
    ...tenantMigrations,
    ...delegationMigrations,
    ...registryConfigMigrations,
    ...tokenMigrations,
  ],
  writes: [
    ...leaseWrites,
    ...vaultWrites,
    ...auditWrites,
    ...identityWrites,
    ...tenantWrites,
    ...delegationWrites,
    ...registryConfigWrites,
    ...Object.values(registryChanges),
    ...Object.values(tokenChanges),
    ...Object.values(scopeMapChanges),
    rotateSigningKey,
    rewrapDataKeys,
    ...tokenWrites,
  ],
}

/** The tables of one region, and every write on them. */
export const regionSchema: Schema = {
  migrations: [
    ...leaseMigrations,
    ...feedMigrations,
    ...jobMigrations,
    ...registryMigrations,
    ...configCopyMigrations,
    ...auditMigrations,
  ],
  writes: [...leaseWrites, ...feedWrites, ...jobWrites, ...registryWrites, ...configCopyWrites, ...auditWrites],
}
