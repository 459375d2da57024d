import type { Limit, RegistryAction } from '../access.ts'
import { DATA_ACTIONS, type DataAction } from '../roles/actions.ts'
import type { Ended } from './ended.ts'
import type { Holder, TenantAccess } from './tenant-access.ts'

type Held = Holder & { readonly tenantId: string }

/** What principals may do at registries, and what is locked there, as of one moment. Every answer is a lookup. */
export type AccessDirectory = {
  locks(registryId: string, action: RegistryAction): boolean
  /** What its roles allow at a registry; undefined where that is nothing. */
  limit(registryId: string, holder: Held): Limit | undefined
  /** By its id alone; undefined where it holds nothing anywhere. */
  find(principalId: string): Held | undefined
  /** Whether this session, certificate or trust is over. `issued`: when the token was made that names it, UTC milliseconds. */
  isOver(tenantId: string, proof: string, issued: number): boolean
}

// The catalog names what is there and no more than that: metadata, as in ACR.
const OPENS: Readonly<Record<DataAction, readonly RegistryAction[]>> = {
  'registry/content/read': ['pull'],
  'registry/content/write': ['push'],
  'registry/content/delete': ['delete'],
  'registry/metadata/read': ['metadata_read', 'catalog'],
  'registry/metadata/write': ['metadata_write'],
}
const BITS = new Map(DATA_ACTIONS.flatMap((action, i) => OPENS[action].map(opened => [opened, 1 << i] as const)))
// One object a set of actions: there are 32, and a caller is looked at anew after each change.
const LIMITS: readonly Limit[] = Array.from({ length: 1 << DATA_ACTIONS.length }, (_, bits) => ({
  permits: action => (bits & bitOf(action)) !== 0,
}))

export function accessDirectory(access: readonly TenantAccess[], ended: readonly Ended[]): AccessDirectory {
  const locked = new Map<string, number>()
  const registries = new Map<string, { tenantId: string; grants: ReadonlyMap<string, number> }>()
  const holders = new Map<string, Held>()
  for (const { tenantId, registries: own, principals } of access) {
    for (const one of own) {
      // Only what is locked has an entry: mostly the map is empty, and asking it costs nothing.
      if (one.locked.length > 0) locked.set(one.id, bitsOf(one.locked))
      const grants = new Map(one.grants.map(({ principalId, actions }) => [principalId, bitsOf(actions)]))
      registries.set(one.id, { tenantId, grants })
    }
    for (const one of principals) holders.set(one.id, { ...one, tenantId })
  }
  const over = new Map(ended.map(one => [one.tenantId, { proofs: new Set(one.proofs), before: one.before }]))

  return {
    locks: (registryId, action) => ((locked.get(registryId) ?? 0) & bitOf(action)) !== 0,
    limit(registryId, { tenantId, id, groups }) {
      const registry = registries.get(registryId)
      if (registry?.tenantId !== tenantId) return undefined
      let bits = registry.grants.get(id) ?? 0
      for (const group of groups) bits |= registry.grants.get(group) ?? 0
      return bits === 0 ? undefined : LIMITS[bits]
    },
    find: principalId => holders.get(principalId),
    isOver(tenantId, proof, issued) {
      const own = over.get(tenantId)
      return own !== undefined && (own.proofs.has(proof) || issued <= own.before)
    },
  }
}

function bitOf(action: RegistryAction): number {
  return BITS.get(action) ?? 0
}

function bitsOf(actions: readonly DataAction[]): number {
  return DATA_ACTIONS.reduce((bits, action, i) => (actions.includes(action) ? bits | (1 << i) : bits), 0)
}
