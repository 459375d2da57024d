import type { AuditEntry, AuditFrom } from '../audit/index.ts'
import {
  changed,
  nodeScope,
  readNodeById,
  registryTokens,
  type ScopeMap,
  scopeMaps,
  scopeText,
  signingKeys,
} from '../identity/index.ts'
import { type Tx, type Write, write } from '../kernel/index.ts'

type Named = { readonly registryId: string; readonly name: string }
type Detail = NonNullable<AuditEntry['detail']>

/** The write of identity, and in its transaction the audit's entry: never a password, nor what it is kept as. */
function recorded<I extends Named, O>(
  inner: Write<I, O>,
  kind: 'tokens' | 'scope-maps',
  verb: 'write' | 'delete',
  detail: (input: I, made: O) => Detail,
): Write<I & { from: AuditFrom }, O> {
  return write(`control.${inner.name}`, async (tx, input) => {
    const made = await inner.run(tx, input)
    const resource = `${await placeOf(tx, input.registryId)}/${kind}/${input.name}`
    await changed(tx, input.from, { action: `token/${verb}`, resource, detail: detail(input, made) })
    return made
  })
}

async function placeOf(tx: Tx, registryId: string): Promise<string> {
  const node = await readNodeById(tx, registryId)
  return node ? scopeText(nodeScope(node)) : registryId
}

const mapDetail = (_: unknown, { actions }: ScopeMap): Detail => ({ actions: actions.join(' ') })
const nothing = (): Detail => ({})

/** What people do to tokens and scope maps, with the audit's entry. */
export const tokenChanges = {
  create: recorded(registryTokens.create, 'tokens', 'write', ({ passwords }, { id, scopeMap, enabled }) => ({
    ...{ id, scopeMap, enabled },
    slots: passwords.map(one => one.slot).join(' '),
  })),
  update: recorded(registryTokens.update, 'tokens', 'write', (_, { scopeMap, enabled }) => ({ scopeMap, enabled })),
  delete: recorded(registryTokens.delete, 'tokens', 'delete', nothing),
  setPassword: recorded(registryTokens.setPassword, 'tokens', 'write', ({ slot, expiresAt }) => ({
    ...{ slot, replaced: true },
    ...(expiresAt === null ? {} : { expiresAt }),
  })),
  dropPassword: recorded(registryTokens.dropPassword, 'tokens', 'delete', ({ slot }) => ({ slot })),
} as const

export const scopeMapChanges = {
  create: recorded(scopeMaps.create, 'scope-maps', 'write', mapDetail),
  update: recorded(scopeMaps.update, 'scope-maps', 'write', mapDetail),
  delete: recorded(scopeMaps.delete, 'scope-maps', 'delete', nothing),
} as const

type Rotation = (typeof signingKeys.rotate extends Write<infer I, unknown> ? I : never) & { from: AuditFrom }

export const rotateSigningKey = write('control.rotate-signing-key', async (tx, input: Rotation) => {
  await signingKeys.rotate.run(tx, input)
  const { kid, immediately } = input
  await changed(tx, input.from, {
    action: 'signing-key.rotate',
    resource: `signing-keys/${kid}`,
    detail: { immediately },
  })
  return null
})
