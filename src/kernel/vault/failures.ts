import { failure } from '../failure.ts'

const ANEW = 'enter the secret anew'

/** The master key or its service can't be had now: everything that needs no sealed secret goes on. */
export const VaultLocked = failure('VAULT_LOCKED', 503, (why: string, next: string) => ({
  says: `Sealed secrets can't be used: ${why}`,
  next,
}))

export const MasterKeyMissing = failure('VAULT_LOCKED', 503, (what: string, masterKeyId: string) => ({
  says: `${what} is wrapped by master key ${masterKeyId}, which this platform does not have`,
  next: `Put that key behind those that secrets.masterKey names (or secrets/master.key holds), or ${ANEW}`,
}))

export const MasterKeyMalformed = failure('VAULT_LOCKED', 503, (where: string) => ({
  says: `${where} holds no master key`,
  next: 'Write 32 random bytes in base64, as `openssl rand -base64 32` makes them; the newest key first, one a line',
}))

export const MasterKeyUnchanged = failure('MASTER_KEY_UNCHANGED', 409, (where: string) => ({
  says: `The first key of ${where} is the one that wraps already`,
  next: 'Put a new key on its first line and keep the old one behind it; where it is env:, start the platform again; then ask again',
}))

/** `context` is what the caller sealed for, never what was sealed. */
export const SealedTextDamaged = failure('VAULT_DAMAGED', 500, (context: string) => ({
  says: `What is sealed for "${context}" was changed, or was sealed for something else`,
  next: `Restore the row from a backup, or ${ANEW}`,
}))

export const DataKeyUnknown = failure('VAULT_KEY_UNKNOWN', 500, (context: string, id: string) => ({
  says: `What is sealed for "${context}" needs data key ${id}, which is not in this database`,
  next: `Restore the row together with table data_key, or ${ANEW}`,
}))

export const KeyDamaged = failure('VAULT_KEY_DAMAGED', 500, (what: string) => ({
  says: `${what} was changed, or is not what its master key wrapped`,
  next: 'Restore it from a backup; what it sealed can not be read without it',
}))

export const TooLargeToSeal = failure('VAULT_TOO_LARGE', 400, (context: string, most: number) => ({
  says: `What is to be sealed for "${context}" is larger than ${most} bytes`,
  next: 'Give a shorter secret',
}))
