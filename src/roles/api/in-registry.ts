import { z } from 'zod'
import { nodeScope, readNodeById, type Scope } from '../../identity/index.ts'
import type { Failure, ReadTx } from '../../kernel/index.ts'
import { findRegistry, type RegistryConfig, RegistryUnknown } from '../../registry/index.ts'

/** Of a route below /api/v1/registries/:name. */
export const registryParams = z.object({ name: z.string().max(100) })

export async function inRegistry(db: ReadTx, { name }: { name: string }): Promise<RegistryConfig> {
  const found = await findRegistry(db, name)
  if (!found) throw RegistryUnknown(name)
  return found
}

/** The registry and the tenant whose it is. */
export async function ownedRegistry(db: ReadTx, params: { name: string }) {
  const found = await inRegistry(db, params)
  const scope = await registryScope(db, found)
  if (!scope) throw RegistryUnknown(params.name)
  return { registryId: found.id, tenantId: scope.tenantId }
}

type Named = { readonly params: { readonly name: string } }

/** For routes that are decided on a registry. One of another tenant is as unknown as none. */
export function inItsRegistry(db: ReadTx) {
  return {
    on: async ({ params }: Named): Promise<Scope | undefined> => {
      const found = await findRegistry(db, params.name)
      return found && registryScope(db, found)
    },
    missing: ({ params }: Named): Failure => RegistryUnknown(params.name),
  }
}

export async function registryScope(db: ReadTx, { id }: { id: string }): Promise<Scope | undefined> {
  const node = await readNodeById(db, id)
  return node && nodeScope(node)
}
