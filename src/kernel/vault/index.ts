export {
  type DataKey,
  dataKeys,
  type Rewrap,
  readDataKeys,
  vaultMigrations,
  vaultWrites,
} from './data-keys.ts'
export { DataKeyUnknown, MasterKeyMissing, MasterKeyUnchanged, SealedTextDamaged, VaultLocked } from './failures.ts'
export type { HomeKeyFacts } from './home-key.ts'
export type { KeyManagement, MasterKeys } from './key-management.ts'
export { localMasterKeys, renewMasterKey, trimMasterKeys } from './master-keys.ts'
export { prepareRewrap } from './rewrap.ts'
export { openSecretFiles, type SecretFiles } from './secret-files.ts'
export { createOpener, createVault, type Opener, type Vault } from './vault.ts'
