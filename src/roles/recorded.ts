import type { AuditEntry, AuditFrom } from '../audit/index.ts'
import { type Action, changed, nodeScope, readNodeById, scopeText } from '../identity/index.ts'
import { type Tx, type Write, write } from '../kernel/index.ts'

type Named = { readonly registryId: string; readonly name: string }
export type Detail = NonNullable<AuditEntry['detail']>

/**
 * A room's write about something of a registry, and in its transaction the audit's entry. `kind` is how the resource is
 * named; `detail` says what is so from now on, and never a secret.
 */
export function recorded<I extends Named, O>(
  inner: Write<I, O>,
  kind: 'tokens' | 'scope-maps' | 'webhooks' | 'policies',
  action: Action,
  detail: (input: I, made: O) => Detail = () => ({}),
): Write<I & { from: AuditFrom }, O> {
  return write(`control.${inner.name}`, async (tx, { from, ...rest }) => {
    const input = rest as unknown as I
    const made = await inner.run(tx, input)
    const resource = `${await placeOf(tx, input.registryId)}/${kind}/${input.name}`
    await changed(tx, from, { action, resource, detail: detail(input, made) })
    return made
  })
}

async function placeOf(tx: Tx, registryId: string): Promise<string> {
  const node = await readNodeById(tx, registryId)
  return node ? scopeText(nodeScope(node)) : registryId
}
