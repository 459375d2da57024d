import type { AuditEntry, AuditFrom } from '../audit/index.ts'
import { changed, nodeScope, readNodeById, scopeText } from '../identity/index.ts'
import { type Tx, type Write, write } from '../kernel/index.ts'
import { type Webhook, webhookConfigs } from '../registry/index.ts'

type Named = { readonly registryId: string; readonly name: string }
type Detail = NonNullable<AuditEntry['detail']>

/** The registry room's write, and in its transaction the audit's entry: where it goes, never what is sealed. */
function recorded<I extends Named, O>(
  inner: Write<I, O>,
  verb: 'write' | 'delete',
  detail: (input: I, made: O) => Detail,
) {
  return write(`control.${inner.name}`, async (tx: Tx, input: I & { from: AuditFrom }): Promise<O> => {
    const { from, ...rest } = input
    const made = await inner.run(tx, rest as unknown as I)
    const node = await readNodeById(tx, input.registryId)
    const place = node ? scopeText(nodeScope(node)) : input.registryId
    const resource = `${place}/webhooks/${input.name}`
    await changed(tx, from, { action: `webhook/${verb}`, resource, detail: detail(input, made) })
    return made
  })
}

const settings = ({ service, scope, actions, format, enabled, headerNames }: Webhook): Detail => ({
  ...{ service, scope, actions: actions.join(' '), format, enabled },
  headers: headerNames.join(' '),
})

export const webhookChanges = {
  create: recorded(webhookConfigs.create, 'write', (_, made) => settings(made)),
  update: recorded(webhookConfigs.update, 'write', ({ newKey = false }, made) => ({ ...settings(made), newKey })),
  delete: recorded(webhookConfigs.delete, 'delete', () => ({})),
} as const
