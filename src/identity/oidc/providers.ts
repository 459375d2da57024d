import type { AuditFrom } from '../../audit/index.ts'
import { type Ms, type ReadTx, sql, type Tx, write } from '../../kernel/index.ts'
import { PrincipalRefused, PrincipalUnknown } from '../principals/failures.ts'
import { readPrincipal } from '../principals/principals.ts'
import { endSessions } from '../sessions/end.ts'
import { readSessionsSignedInBy } from '../sessions/rows.ts'
import { changed } from '../tree/change.ts'
import { ProviderNameTaken, ProviderUnknown } from './failures.ts'
import { dropProvided } from './provided.ts'
import type { InvitedBy, ProvidedGroup, Provisioning, SignInProvider } from './provider.ts'

type ProviderRow = {
  tenant_id: string
  id: string
  name: string
  title: string
  issuer: string
  client_id: string
  client_secret: string
  scopes: string
  groups_claim: string
  provisioning: Provisioning
  invited_by: InvitedBy
  created_at: number
}
type Sealed = { sealedSecret: string }
type NewProvider = Omit<SignInProvider, 'createdAt'> & Sealed

const createProvider = write(
  'identity.create-sign-in-provider',
  async (tx, { provider, from }: { provider: NewProvider; from: AuditFrom }): Promise<SignInProvider> => {
    const { tenantId, id, name, title, issuer, clientId, sealedSecret, scopes } = provider
    const { groupsClaim, provisioning, invitedBy } = provider
    const held = await findProvider(tx, tenantId, name)
    // The same id again: the answer to the first attempt was lost.
    if (held?.id === id) return held
    if (held) throw ProviderNameTaken(name)
    const now = tx.clock.now()
    await tx.run(sql`insert into sign_in_provider
      (tenant_id, id, name, title, issuer, client_id, client_secret, secret_set_at, scopes, groups_claim,
        provisioning, invited_by, created_at)
      values (${tenantId}, ${id}, ${name}, ${title}, ${issuer}, ${clientId}, ${sealedSecret}, ${now},
        ${scopes.join(' ')}, ${groupsClaim}, ${provisioning}, ${invitedBy}, ${now})`)
    await putGroups(tx, provider)
    const detail = { name, issuer, clientId, provisioning, invitedBy, groups: groupsText(provider.groups) }
    await changed(tx, from, { action: 'sign-in-provider/write', resource: id, detail })
    return mustFind(tx, tenantId, name)
  },
)

export type ProviderChange = Partial<
  Pick<SignInProvider, 'title' | 'scopes' | 'groupsClaim' | 'provisioning' | 'invitedBy' | 'groups'> & Sealed
>

/** What is left out stays. Another issuer or client would be another provider. */
const changeProvider = write(
  'identity.change-sign-in-provider',
  async (
    tx,
    { tenantId, name, change, from }: { tenantId: string; name: string; change: ProviderChange; from: AuditFrom },
  ): Promise<SignInProvider> => {
    const held = await mustFind(tx, tenantId, name)
    const { title, scopes, groupsClaim, provisioning, invitedBy, groups } = { ...held, ...change }
    await tx.run(sql`update sign_in_provider set title = ${title}, scopes = ${scopes.join(' ')},
      groups_claim = ${groupsClaim}, provisioning = ${provisioning}, invited_by = ${invitedBy}
      where tenant_id = ${tenantId} and id = ${held.id}`)
    if (change.sealedSecret !== undefined)
      await tx.run(sql`update sign_in_provider
        set client_secret = ${change.sealedSecret}, secret_set_at = ${tx.clock.now()}
        where tenant_id = ${tenantId} and id = ${held.id}`)
    if (change.groups) {
      await tx.run(sql`delete from sign_in_provider_group where tenant_id = ${tenantId} and provider_id = ${held.id}`)
      await putGroups(tx, { ...held, groups })
    }
    const detail = { name, changed: Object.keys(change).join(' '), provisioning, invitedBy, groups: groupsText(groups) }
    await changed(tx, from, { action: 'sign-in-provider/write', resource: held.id, detail })
    return mustFind(tx, tenantId, name)
  },
)

/** Whom it signed in is out, and what it said of groups is gone; the users stay. */
const deleteProvider = write(
  'identity.delete-sign-in-provider',
  async (tx, { tenantId, name, from }: { tenantId: string; name: string; from: AuditFrom }): Promise<null> => {
    const { id } = await mustFind(tx, tenantId, name)
    const open = await readSessionsSignedInBy(tx, tenantId, `oidc:${name}`)
    await endSessions(tx, open, from, 'the sign-in provider was deleted')
    const given = await tx.all<{ group_id: string; member_id: string }>(sql`select group_id, member_id
      from provided_member where tenant_id = ${tenantId} and provider_id = ${id}`)
    for (const { group_id, member_id } of given)
      await dropProvided(tx, { tenantId, providerId: id, groupId: group_id, memberId: member_id }, from)
    await tx.run(sql`delete from sign_in_link where tenant_id = ${tenantId} and provider_id = ${id}`)
    await tx.run(sql`delete from sign_in_provider_group where tenant_id = ${tenantId} and provider_id = ${id}`)
    await tx.run(sql`delete from sign_in_provider where tenant_id = ${tenantId} and id = ${id}`)
    await changed(tx, from, { action: 'sign-in-provider/delete', resource: id, detail: { name } })
    return null
  },
)

export const signInProviders = { create: createProvider, change: changeProvider, delete: deleteProvider } as const

/** By name. */
export async function readProviders(db: ReadTx, tenantId: string): Promise<SignInProvider[]> {
  const rows = await db.all<ProviderRow>(sql`select * from sign_in_provider
    where tenant_id = ${tenantId} order by name`)
  const groups = await db.all<{ provider_id: string; value: string; group_id: string }>(sql`
    select provider_id, value, group_id from sign_in_provider_group
    where tenant_id = ${tenantId} order by value, group_id`)
  return rows.map(row =>
    toProvider(
      row,
      groups.filter(one => one.provider_id === row.id),
    ),
  )
}

export async function findProvider(db: ReadTx, tenantId: string, name: string): Promise<SignInProvider | undefined> {
  return (await readProviders(db, tenantId)).find(one => one.name === name)
}

/** Sealed, as the row has it. */
export async function readSealedSecret(db: ReadTx, { tenantId, id }: SignInProvider): Promise<string> {
  const row = await db.one<{ client_secret: string }>(sql`select client_secret from sign_in_provider
    where tenant_id = ${tenantId} and id = ${id}`)
  if (!row) throw ProviderUnknown(id)
  return row.client_secret
}

type SecretPlace = Pick<SignInProvider, 'tenantId' | 'id'>

/** A client secret by its age. */
type ClientSecretAge = Pick<SignInProvider, 'tenantId' | 'id' | 'name'> & { setAt: Ms }

/** Of all tenants, in the order of the key: for lists of their ages. */
export async function readClientSecretPage(
  db: ReadTx,
  { after, limit }: { after: SecretPlace; limit: number },
): Promise<ClientSecretAge[]> {
  const rows = await db.all<Pick<ProviderRow, 'tenant_id' | 'id' | 'name'> & { secret_set_at: number }>(sql`
    select tenant_id, id, name, secret_set_at from sign_in_provider
    where (tenant_id, id) > (${after.tenantId}, ${after.id}) order by tenant_id, id limit ${limit}`)
  return rows.map(row => ({ tenantId: row.tenant_id, id: row.id, name: row.name, setAt: row.secret_set_at }))
}

async function putGroups(tx: Tx, { tenantId, id, groups }: Pick<SignInProvider, 'tenantId' | 'id' | 'groups'>) {
  for (const { value, groupId } of groups) {
    const group = await readPrincipal(tx, tenantId, groupId)
    if (!group) throw PrincipalUnknown(groupId)
    if (group.kind !== 'group') throw PrincipalRefused(`"${group.name}" is not a group`)
    await tx.run(sql`insert into sign_in_provider_group (tenant_id, provider_id, value, group_id)
      values (${tenantId}, ${id}, ${value}, ${groupId})
      on conflict (tenant_id, provider_id, value, group_id) do nothing`)
  }
}

/** Whom a value makes a member of what is who may do what: the audit tells it, as far as there is room. */
function groupsText(groups: readonly ProvidedGroup[]): string {
  return groups.map(({ value, groupId }) => `${value} → ${groupId}`).join('; ')
}

async function mustFind(db: ReadTx, tenantId: string, name: string): Promise<SignInProvider> {
  const held = await findProvider(db, tenantId, name)
  if (!held) throw ProviderUnknown(name)
  return held
}

function toProvider(row: ProviderRow, groups: readonly { value: string; group_id: string }[]): SignInProvider {
  return {
    tenantId: row.tenant_id,
    id: row.id,
    name: row.name,
    title: row.title,
    issuer: row.issuer,
    clientId: row.client_id,
    scopes: row.scopes.split(' '),
    groupsClaim: row.groups_claim,
    provisioning: row.provisioning,
    invitedBy: row.invited_by,
    groups: groups.map(({ value, group_id }) => ({ value, groupId: group_id })),
    createdAt: row.created_at,
  }
}
