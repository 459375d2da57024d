import type { Limit } from '../access.ts'
import type { TokenConfig, TokenPassword } from './rows.ts'
import { scopeRules } from './scope-rules.ts'

/** The tokens of all registries, as of one moment: found by what a caller shows. */
export type TokenDirectory = {
  byName(registryId: string, name: string): TokenConfig | undefined
  byId(id: string): TokenConfig | undefined
  rules(token: TokenConfig): Limit
}

export function tokenDirectory(tokens: readonly TokenConfig[]): TokenDirectory {
  const names = new Map(tokens.map(token => [nameKey(token.registryId, token.name), token]))
  const ids = new Map(tokens.map(token => [token.id, token]))
  // Compiled when first asked for: of ten thousand tokens a node sees a few.
  const compiled = new WeakMap<TokenConfig, Limit>()
  return {
    byName: (registryId, name) => names.get(nameKey(registryId, name)),
    byId: id => ids.get(id),
    rules(token) {
      const known = compiled.get(token) ?? scopeRules(token.actions)
      compiled.set(token, known)
      return known
    },
  }
}

/** What a token's password writes into the tokens that it buys: `<token id>.<slot>.<changed at>`. */
export function proofOfToken(token: Pick<TokenConfig, 'id'>, password: TokenPassword): string {
  return `${token.id}.${password.slot}.${password.changedAt}`
}

/** The token and password behind a proof, where both are still what they were. */
export function findProof(
  directory: TokenDirectory,
  proof: string,
): { token: TokenConfig; password: TokenPassword } | undefined {
  const token = directory.byId(proof.slice(0, proof.indexOf('.')))
  const password = token?.passwords.find(one => proofOfToken(token, one) === proof)
  return token && password && { token, password }
}

function nameKey(registryId: string, name: string): string {
  return `${registryId} ${name}`
}
