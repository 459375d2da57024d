import { type Command, Option } from 'commander'
import {
  type Place,
  type Principal,
  placeList,
  principalList,
  type Role,
  type RoleList,
  roleList,
} from '../api/index.ts'
import { type ApiOptions, apiOptions, callApi } from './api-client.ts'
import { NotInTenant } from './failures.ts'

export type TenantOptions = ApiOptions & { tenant: string }

/** For commands about one tenant. */
export function tenantOptions(command: Command): Command {
  return apiOptions(command).addOption(tenantOption())
}

export function tenantOption(): Option {
  return new Option('--tenant <name>', 'name or id of the tenant').env('TOWPATH_TENANT').default('default')
}

export function pathIn({ tenant }: { tenant: string }, rest: string): string {
  return `/api/v1/tenants/${encodeURIComponent(tenant)}/${rest}`
}

export async function listPrincipals(options: TenantOptions): Promise<Principal[]> {
  return (await callApi(options, { path: pathIn(options, 'principals'), answer: principalList })).principals
}

export async function listPlaces(options: TenantOptions): Promise<Place[]> {
  return (await callApi(options, { path: pathIn(options, 'resources'), answer: placeList })).resources
}

export function listRoles(options: TenantOptions): Promise<RoleList> {
  return callApi(options, { path: pathIn(options, 'roles'), answer: roleList })
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
