import type { AuditFrom } from '../audit/index.ts'
import { changed, registryTokens, type ScopeMap, scopeMaps, signingKeys } from '../identity/index.ts'
import { type Write, write } from '../kernel/index.ts'
import { type Detail, recorded } from './recorded.ts'

const mapDetail = (_: unknown, { actions }: ScopeMap): Detail => ({ actions: actions.join(' ') })

/** What people do to tokens and scope maps, with the audit's entry. */
export const tokenChanges = {
  create: recorded(registryTokens.create, 'tokens', 'token/write', ({ passwords }, { id, scopeMap, enabled }) => ({
    ...{ id, scopeMap, enabled },
    slots: passwords.map(one => one.slot).join(' '),
  })),
  update: recorded(registryTokens.update, 'tokens', 'token/write', (_, { scopeMap, enabled }) => ({
    scopeMap,
    enabled,
  })),
  delete: recorded(registryTokens.delete, 'tokens', 'token/delete'),
  setPassword: recorded(registryTokens.setPassword, 'tokens', 'token/write', ({ slot, expiresAt }) => ({
    ...{ slot, replaced: true },
    ...(expiresAt === null ? {} : { expiresAt }),
  })),
  dropPassword: recorded(registryTokens.dropPassword, 'tokens', 'token/delete', ({ slot }) => ({ slot })),
} as const

export const scopeMapChanges = {
  create: recorded(scopeMaps.create, 'scope-maps', 'token/write', mapDetail),
  update: recorded(scopeMaps.update, 'scope-maps', 'token/write', mapDetail),
  delete: recorded(scopeMaps.delete, 'scope-maps', 'token/delete'),
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
