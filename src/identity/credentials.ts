import { type AuditFrom, recordAudit } from '../audit/index.ts'
import { type Clock, failure, type Migration, type ReadTx, type Store, sql, write } from '../kernel/index.ts'
import { generatePassword, hashPassword } from './password.ts'
import { endSessionsBy } from './sessions/end.ts'

/** One of the two passwords of the local admin. Both work; each is rotated alone, so nobody is cut off meanwhile. */
export type AdminCredential = {
  readonly user: 'admin'
  readonly slot: 1 | 2
  readonly hash: string
  /** UTC milliseconds; grows with every rotation of the slot. */
  readonly changedAt: number
}

export const PasswordUnfit = failure('IDENTITY_PASSWORD_UNFIT', 400, (why: string) => ({
  says: `That password can't be used: ${why}`,
  next: 'Choose another one, or leave it out to have one made',
}))

export const identityMigrations: readonly Migration[] = [
  {
    id: 'identity-1-admin-credential',
    statements: [
      `create table admin_credential (
        user_name {text} not null,
        slot {bigint} not null,
        hash {text} not null,
        changed_at {bigint} not null,
        primary key (user_name, slot)
      ) {strict}`,
    ],
  },
]

type Input = { slot: 1 | 2; hash: string }

const createAdmin = write('identity.create-admin', async (tx, { slot, hash }: Input) => {
  const now = tx.clock.now()
  const rows = await tx.run(sql`
    insert into admin_credential (user_name, slot, hash, changed_at) values ('admin', ${slot}, ${hash}, ${now})
    on conflict (user_name, slot) do nothing`)
  return rows === 1
})

const rotateAdmin = write('identity.rotate-admin', async (tx, { slot, hash, from }: Input & { from: AuditFrom }) => {
  const held = await tx.one<{ changed_at: number }>(sql`
    select changed_at from admin_credential where user_name = 'admin' and slot = ${slot}`)
  // Later than before even where the wall clock is not: tokens carry it to tell old from new.
  const changedAt = Math.max(tx.clock.now(), (held?.changed_at ?? 0) + 1)
  await tx.run(sql`
    insert into admin_credential (user_name, slot, hash, changed_at) values ('admin', ${slot}, ${hash}, ${changedAt})
    on conflict (user_name, slot) do update set hash = excluded.hash, changed_at = excluded.changed_at`)
  if (held) await endSessionsBy(tx, proofOfAdmin({ slot, changedAt: held.changed_at }), from)
  const { region, ...origin } = from
  await recordAudit(tx, region, {
    ...origin,
    action: 'admin.rotate',
    resource: 'user:admin',
    result: 'done',
    detail: { slot },
  })
  return changedAt
})

export const identityWrites = [createAdmin, rotateAdmin]

type Vault = { store: Store; clock: Clock }

/**
 * Makes the admin's first password where there is none: `password`, or a generated one. Returns what
 * it made, the only time that anybody sees it; undefined where the admin was there already.
 */
export async function ensureAdmin(
  vault: Vault & { password?: string | undefined },
): Promise<{ created: string | undefined }> {
  if ((await readCredentials(vault.store.read)).length > 0) return { created: undefined }
  const password = accept(vault.password ?? generatePassword(vault.clock))
  const hash = await hashPassword(vault.clock, password)
  const created = await vault.store.write(createAdmin, { slot: 1, hash })
  return { created: created ? password : undefined }
}

/** Replaces the password of one slot (or fills the empty second one) and returns the new one. */
export async function rotateAdminPassword(
  vault: Vault & { slot: 1 | 2; password?: string | undefined; from: AuditFrom },
): Promise<string> {
  const password = accept(vault.password ?? generatePassword(vault.clock))
  const hash = await hashPassword(vault.clock, password)
  await vault.store.write(rotateAdmin, { slot: vault.slot, hash, from: vault.from })
  return password
}

/** In the order of the slots; empty before the first start. */
export async function readCredentials(db: ReadTx): Promise<AdminCredential[]> {
  const rows = await db.all<{ slot: 1 | 2; hash: string; changed_at: number }>(sql`
    select slot, hash, changed_at from admin_credential where user_name = 'admin' order by slot`)
  return rows.map(row => ({ user: 'admin', slot: row.slot, hash: row.hash, changedAt: row.changed_at }))
}

/** What a password of the admin writes into the tokens that it buys. */
export function proofOfAdmin(credential: Pick<AdminCredential, 'slot' | 'changedAt'>): string {
  return `${credential.slot}.${credential.changedAt}`
}

function accept(password: string): string {
  if (password === '') throw PasswordUnfit('it is empty')
  if (password.length > 512) throw PasswordUnfit('it is longer than 512 characters')
  // A header can't carry them, or a terminal eats them.
  if (/\p{Cc}/u.test(password)) throw PasswordUnfit('it holds a control character')
  return password
}
