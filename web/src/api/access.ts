import { queryOptions } from '@tanstack/react-query'
import type {
  Assignment,
  AssignmentBody,
  GroupBody,
  ListedAssignment,
  Lock,
  LockBody,
  Place,
  Role,
  RoleBody,
  RoleList,
} from '../../../src/api/index.ts'
import { call, path } from './call.ts'

export const rolesQuery = (tenant: string) =>
  queryOptions({
    queryKey: ['tenant', tenant, 'roles'],
    queryFn: ({ signal }) => call<RoleList>('GET', path`/api/v1/tenants/${tenant}/roles`, { signal }),
  })

export function makeRole(tenant: string, body: RoleBody): Promise<Role> {
  return call('POST', path`/api/v1/tenants/${tenant}/roles`, { body })
}

export function deleteRole(tenant: string, id: string): Promise<void> {
  return call('DELETE', path`/api/v1/tenants/${tenant}/roles/${id}`)
}

export const assignmentsQuery = (tenant: string) =>
  queryOptions({
    queryKey: ['tenant', tenant, 'assignments'],
    queryFn: async ({ signal }) => {
      const at = path`/api/v1/tenants/${tenant}/assignments`
      return (await call<{ assignments: ListedAssignment[] }>('GET', at, { signal })).assignments
    },
  })

export function assign(tenant: string, body: AssignmentBody): Promise<Assignment> {
  return call('POST', path`/api/v1/tenants/${tenant}/assignments`, { body })
}

export function revoke(tenant: string, id: string): Promise<void> {
  return call('DELETE', path`/api/v1/tenants/${tenant}/assignments/${id}`)
}

/** The tenant itself first, then groups and resources by name. */
export const placesQuery = (tenant: string) =>
  queryOptions({
    queryKey: ['tenant', tenant, 'places'],
    queryFn: async ({ signal }) => {
      const at = path`/api/v1/tenants/${tenant}/resources`
      return (await call<{ resources: Place[] }>('GET', at, { signal })).resources
    },
  })

export function makeGroup(tenant: string, body: GroupBody): Promise<Place> {
  return call('POST', path`/api/v1/tenants/${tenant}/groups`, { body })
}

export function deleteGroup(tenant: string, id: string): Promise<void> {
  return call('DELETE', path`/api/v1/tenants/${tenant}/groups/${id}`)
}

export function movePlace(tenant: string, id: string, parentId: string): Promise<Place> {
  return call('POST', path`/api/v1/tenants/${tenant}/resources/${id}/move`, { body: { parentId } })
}

export const locksQuery = (tenant: string) =>
  queryOptions({
    queryKey: ['tenant', tenant, 'locks'],
    queryFn: async ({ signal }) => {
      const at = path`/api/v1/tenants/${tenant}/locks`
      return (await call<{ locks: Lock[] }>('GET', at, { signal })).locks
    },
  })

export function lock(tenant: string, body: LockBody): Promise<Lock> {
  return call('POST', path`/api/v1/tenants/${tenant}/locks`, { body })
}

export function unlock(tenant: string, id: string): Promise<void> {
  return call('DELETE', path`/api/v1/tenants/${tenant}/locks/${id}`)
}
