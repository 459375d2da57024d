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
  importMigrations,
  importWrites,
  policyConfigMigrations,
  policyConfigWrites,
  policyRunMigrations,
  policyRunWrites,
  policyWrites,
  pullMigrations,
  pullWrites,
  registryConfigMigrations,
  registryConfigWrites,
  registryMigrations,
  registryWrites,
  servedMigrations,
  servedWrites,
  throttleMigrations,
  throttleWrites,
  webhookConfigMigrations,
  webhookConfigWrites,
  webhookMigrations,
  webhookWrites,
} from '../registry/index.ts'
import { configCopyMigrations, configCopyWrites } from './config-copy.ts'
import { policyChanges } from './policy-changes.ts'
import { registryChanges } from './registry-changes.ts'
import { rewrapDataKeys } from './rotate-master-key.ts'
import { rotateSigningKey, scopeMapChanges, tokenChanges } from './token-changes.ts'
import { webhookChanges } from './webhook-changes.ts'

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
    ...webhookConfigMigrations,
    ...policyConfigMigrations,
  ],
  writes: [
    ...leaseWrites,
    ...vaultWrites,
    ...auditWrites,
    ...identityWrites,
    ...tenantWrites,
    ...delegationWrites,
    ...registryConfigWrites,
    ...webhookConfigWrites,
    ...policyConfigWrites,
    ...Object.values(registryChanges),
    ...Object.values(tokenChanges),
    ...Object.values(scopeMapChanges),
    ...Object.values(webhookChanges),
    ...Object.values(policyChanges),
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
    ...throttleMigrations,
    ...configCopyMigrations,
    ...auditMigrations,
    ...webhookMigrations,
    ...pullMigrations,
    ...servedMigrations,
    ...importMigrations,
    ...policyRunMigrations,
  ],
  writes: [
    ...leaseWrites,
    ...feedWrites,
    ...jobWrites,
    ...registryWrites,
    ...throttleWrites,
    ...configCopyWrites,
    ...auditWrites,
    ...webhookWrites,
    ...pullWrites,
    ...servedWrites,
    ...importWrites,
    ...policyWrites,
    ...policyRunWrites,
  ],
}
