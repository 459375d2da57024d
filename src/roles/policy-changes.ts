import type { AuditEntry, AuditFrom } from '../audit/index.ts'
import { changed, nodeScope, readNodeById, scopeText } from '../identity/index.ts'
import { type Tx, type Write, write } from '../kernel/index.ts'
import { keyText, type Policy, policyConfigs } from '../registry/index.ts'

type Named = { readonly registryId: string; readonly name: string }
type Detail = NonNullable<AuditEntry['detail']>

/** The registry room's write, and in its transaction the audit's entry: what the policy says from now on. */
function recorded<I extends Named, O>(inner: Write<I, O>, verb: 'write' | 'delete', detail: (made: O) => Detail) {
  return write(`control.${inner.name}`, async (tx: Tx, input: I & { from: AuditFrom }): Promise<O> => {
    const { from, ...rest } = input
    const made = await inner.run(tx, rest as unknown as I)
    const node = await readNodeById(tx, input.registryId)
    const place = node ? scopeText(nodeScope(node)) : input.registryId
    const resource = `${place}/policies/${input.name}`
    await changed(tx, from, { action: `policy/${verb}`, resource, detail: detail(made) })
    return made
  })
}

function saysNow({ kind, repositories, enabled, settings }: Policy): Detail {
  const words = Object.entries(settings).map(([key, value]) => [key, plain(value)] as const)
  return { kind, repositories, enabled, ...Object.fromEntries(words) }
}

function plain(value: unknown): string | number | boolean {
  if (Array.isArray(value)) return value.map(one => (isKey(one) ? keyText(one) : one)).join(' ')
  return typeof value === 'number' || typeof value === 'boolean' ? value : String(value ?? '')
}

function isKey(value: unknown): value is { name: string; pem: string } {
  return typeof value === 'object' && value !== null && 'pem' in value
}

export const policyChanges = {
  create: recorded(policyConfigs.create, 'write', saysNow),
  update: recorded(policyConfigs.update, 'write', saysNow),
  delete: recorded(policyConfigs.delete, 'delete', () => ({})),
} as const
