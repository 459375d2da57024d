import { z } from 'zod'
import { callApi } from './api-client.ts'
import { NotInTenant } from './failures.ts'
import { pathIn, type TenantOptions } from './offer.ts'

export const principal = z.object({
  id: z.string(),
  kind: z.string(),
  name: z.string(),
  enabled: z.boolean(),
  ownerId: z.string(),
  resourceId: z.string(),
})
export const place = z.object({
  id: z.string(),
  kind: z.string(),
  name: z.string(),
  parentId: z.string(),
  scope: z.string(),
})
export const role = z.object({
  id: z.string(),
  name: z.string(),
  description: z.string(),
  builtIn: z.boolean(),
  actions: z.array(z.string()),
  notActions: z.array(z.string()),
  dataActions: z.array(z.string()),
  azureId: z.string().optional(),
})
export type Principal = z.output<typeof principal>
export type Place = z.output<typeof place>
export type Role = z.output<typeof role>

export async function listPrincipals(options: TenantOptions): Promise<Principal[]> {
  const answer = z.object({ principals: z.array(principal) })
  return (await callApi(options, { path: pathIn(options, 'principals'), answer })).principals
}

export async function listPlaces(options: TenantOptions): Promise<Place[]> {
  const answer = z.object({ resources: z.array(place) })
  return (await callApi(options, { path: pathIn(options, 'resources'), answer })).resources
}

export async function listRoles(options: TenantOptions): Promise<{ roles: Role[]; actions: string[] }> {
  const answer = z.object({ roles: z.array(role), actions: z.array(z.string()) })
  return callApi(options, { path: pathIn(options, 'roles'), answer })
}

/** By id or by name. */
export async function principalBy(options: TenantOptions, text: string): Promise<Principal> {
  return one('principal', text, await listPrincipals(options), options)
}

/** By id, scope or name; a name that several have is refused. `tenant` (or nothing): the tenant itself. */
export async function placeBy(options: TenantOptions, text: string | undefined): Promise<Place> {
  const all = await listPlaces(options)
  if (text === undefined) return one('place', 'tenant', all.filter(here => here.kind === 'tenant').map(top), options)
  const byScope = all.find(here => here.scope === text)
  return byScope ?? one('group or resource', text, all, options)
}

/** By our id, Azure's, or name in any case. */
export async function roleBy(options: TenantOptions, text: string): Promise<Role> {
  const { roles } = await listRoles(options)
  const same = (other: string | undefined) => other?.toLowerCase() === text.toLowerCase()
  const found = roles.find(here => same(here.id) || same(here.azureId) || same(here.name))
  if (!found) throw NotInTenant('role', text, options.tenant, 0)
  return found
}

function top(here: Place): Place {
  return { ...here, name: 'tenant' }
}

function one<T extends { id: string; name: string }>(
  what: string,
  text: string,
  all: readonly T[],
  { tenant }: TenantOptions,
): T {
  const byId = all.find(here => here.id === text)
  const [first, ...more] = byId ? [byId] : all.filter(here => here.name === text)
  if (!first || more.length > 0) throw NotInTenant(what, text, tenant, more.length + (first ? 1 : 0))
  return first
}
