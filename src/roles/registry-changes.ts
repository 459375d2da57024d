import { isDeepStrictEqual } from 'node:util'
import type { AuditEntry, AuditFrom } from '../audit/index.ts'
import {
  changed,
  deleteNode,
  insertNode,
  nodeScope,
  readNodeById,
  registryTokens,
  scopeText,
} from '../identity/index.ts'
import { type Tx, type Write, write } from '../kernel/index.ts'
import { findRegistry, policyConfigs, type RegistryConfig, registryConfigs, webhookConfigs } from '../registry/index.ts'

type Input<W> = W extends Write<infer I, unknown> ? I & { from: AuditFrom } : never
type New = Input<typeof registryConfigs.create> & { parentId: string }

const create = write('control.create-registry', async (tx, { from, parentId, ...config }: New) => {
  const made = await registryConfigs.create.run(tx, config)
  // The same id again: the answer to the first attempt was lost.
  if (await readNodeById(tx, made.id)) return made
  const { id, name } = made
  await insertNode(tx, { tenantId: from.tenantId, id, parentId, kind: 'registry', name })
  await record(tx, from, made, 'registry/write', differences({}, made))
  return made
})

const update = write('control.update-registry', async (tx, input: Input<typeof registryConfigs.update>) => {
  const { from, ...change } = input
  const before = await findRegistry(tx, change.name)
  const made = await registryConfigs.update.run(tx, change)
  await record(tx, from, made, 'registry/write', differences(before ?? {}, made))
  return made
})

const remove = write('control.delete-registry', async (tx, input: Input<typeof registryConfigs.delete>) => {
  const { from, ...one } = input
  const before = await findRegistry(tx, one.name)
  await registryConfigs.delete.run(tx, one)
  if (!before) return null
  await record(tx, from, before, 'registry/delete', {})
  await registryTokens.forgetRegistry.run(tx, { registryId: before.id })
  await webhookConfigs.forgetRegistry.run(tx, { registryId: before.id })
  await policyConfigs.forgetRegistry.run(tx, { registryId: before.id })
  const node = await readNodeById(tx, before.id)
  if (node) await deleteNode(tx, node)
  return null
})

/** What people do to registries: the registry room's writes, the place in the tenant's tree, and the audit's entry. */
export const registryChanges = { create, update, delete: remove } as const

type Detail = NonNullable<AuditEntry['detail']>

async function record(tx: Tx, from: AuditFrom, { id, name }: RegistryConfig, action: string, detail: Detail) {
  const node = await readNodeById(tx, id)
  await changed(tx, from, { action, resource: node ? scopeText(nodeScope(node)) : id, detail: { name, ...detail } })
}

/** Each setting that is another one now, and where there was one, what it was. */
function differences(before: Partial<RegistryConfig>, after: RegistryConfig): Detail {
  const was: Readonly<Record<string, unknown>> = before
  const changed = Object.entries(after).filter(([key, value]) => key !== 'id' && !isDeepStrictEqual(value, was[key]))
  return Object.fromEntries(
    changed.flatMap(([key, value]) => {
      const now = [key, plain(value)] as const
      return was[key] === undefined ? [now] : [now, [`${key}Before`, plain(was[key])] as const]
    }),
  )
}

function plain(value: unknown): string | number | boolean {
  if (Array.isArray(value)) return value.join(' ')
  if (typeof value === 'object' && value !== null) return JSON.stringify(value)
  return typeof value === 'number' || typeof value === 'boolean' ? value : String(value)
}
