import type { AuditFrom } from '../../audit/index.ts'
import { type ReadTx, sql, type Tx, write } from '../../kernel/index.ts'
import type { Principal } from '../principals/principal.ts'
import { findPrincipal, insertPrincipal, readPrincipal } from '../principals/principals.ts'
import { SignInRefused } from '../sessions/failures.ts'
import { changed } from '../tree/change.ts'
import { NotInvited, ProviderUnknown } from './failures.ts'
import type { Person } from './person.ts'
import type { SignInProvider } from './provider.ts'
import { findProvider } from './providers.ts'
import { syncGroups } from './sync-groups.ts'

type Entering = {
  tenantId: string
  provider: string
  /** The provider as it was asked: another one under its name knows nothing of this person. */
  providerId: string
  person: Person
  /** For who is not known yet. */
  newId: string
  from: AuditFrom
}

/**
 * Whom a provider vouches for, as a user of its tenant: by provider and subject, which are the person's for good. Names
 * and mail addresses count once, to find who was invited.
 */
export const enterByProvider = write('identity.enter-by-provider', async (tx, input: Entering): Promise<string> => {
  const { tenantId, person, newId, from } = input
  const provider = await findProvider(tx, tenantId, input.provider)
  if (provider?.id !== input.providerId) throw ProviderUnknown(input.provider)
  const known = await linked(tx, provider, person.subject)
  const id = known ?? (await welcome(tx, provider, person, newId, from))
  const principal = await readPrincipal(tx, tenantId, id)
  // Before its groups change: who is out stays as it was.
  if (!principal?.enabled) throw SignInRefused('this principal is disabled')
  if (known === undefined) {
    await tx.run(sql`insert into sign_in_link (tenant_id, provider_id, subject, principal_id, created_at)
      values (${tenantId}, ${provider.id}, ${person.subject}, ${id}, ${tx.clock.now()})`)
    const detail = { linked: provider.name, subject: person.subject }
    await changed(tx, from, { action: 'principal/write', resource: id, detail })
  }
  await syncGroups(tx, { provider, memberId: id, values: person.groups, from })
  return id
})

async function linked(db: ReadTx, { tenantId, id }: SignInProvider, subject: string): Promise<string | undefined> {
  const row = await db.one<{ principal_id: string }>(sql`select principal_id from sign_in_link
    where tenant_id = ${tenantId} and provider_id = ${id} and subject = ${subject}`)
  return row?.principal_id
}

async function welcome(
  tx: Tx,
  provider: SignInProvider,
  person: Person,
  newId: string,
  from: AuditFrom,
): Promise<string> {
  if (provider.provisioning === 'invited') return (await invited(tx, provider, person)).id
  const { tenantId } = provider
  const name = await freeName(tx, provider, person)
  await insertPrincipal(tx, { tenantId, id: newId, kind: 'user', name, ownerId: '', resourceId: '' })
  await changed(tx, from, { action: 'principal/write', resource: newId, detail: { kind: 'user', name } })
  return newId
}

/**
 * The user whose name is what the provider is asked for. Never one that somebody signed in as by any provider before,
 * and never an administrator of the platform: a provider is the tenant's, and speaks for nobody else.
 */
async function invited(tx: Tx, { tenantId, title, invitedBy }: SignInProvider, person: Person): Promise<Principal> {
  const name = person[invitedBy]
  const principal = name === undefined ? undefined : await findPrincipal(tx, tenantId, name)
  if (principal?.kind === 'user' && (await isWaiting(tx, principal))) return principal
  throw NotInvited(title, invitedBy)
}

async function isWaiting(db: ReadTx, { tenantId, id }: Principal): Promise<boolean> {
  const taken = await db.one(sql`select id from principal
    where tenant_id = ${tenantId} and id = ${id} and (platform_administrator = 1 or exists (
      select 1 from sign_in_link where sign_in_link.tenant_id = ${tenantId} and sign_in_link.principal_id = ${id}))`)
  return taken === undefined
}

/** A name that is somebody's already is never taken over, whoever vouches. */
async function freeName(db: ReadTx, { tenantId, name }: SignInProvider, person: Person): Promise<string> {
  for (const candidate of [person.username, person.mail, person.subject.slice(0, 100)])
    if (candidate !== undefined && candidate.trim() === candidate && !(await findPrincipal(db, tenantId, candidate)))
      return candidate
  return `${name}: ${person.subject}`.slice(0, 200).trimEnd()
}
