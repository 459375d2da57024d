import { type ReadTx, sql } from '../../kernel/index.ts'
import type { ContentChange, RepoRef } from '../content/change.ts'
import { matches } from './pattern.ts'

/** What a policy of the kind says of a repository: tags of these patterns stay where they are. */
export type Immutable = { readonly policy: string; readonly tags: readonly string[] }
type Stays = { readonly kind: 'tag'; readonly name: string; readonly policy: string }

/** The tag that the change would move or delete, where a policy that it carries forbids it. The same digest again moves nothing. */
export async function immutableAgainst(tx: ReadTx, change: ContentChange): Promise<Stays | undefined> {
  const rules = 'immutable' in change ? (change.immutable ?? []) : []
  if (rules.length === 0) return undefined
  if (change.kind === 'manifest-deleted') return firstOf(name => tagsOf(tx, change, change.digest, name), rules)
  if (change.kind !== 'tag' && change.kind !== 'tag-deleted') return undefined
  const stays = heldBy(rules, change.tag)
  if (!stays) return undefined
  const held = await tx.one<{ digest: string }>(sql`select digest from tag where registry_id = ${change.registryId}
    and repository = ${change.repository} and name = ${change.tag}`)
  return held && !(change.kind === 'tag' && held.digest === change.digest) ? stays : undefined
}

/** Any tag of the repository that is to stay. Costs the tags that begin as a pattern does. */
export async function immutableInside(tx: ReadTx, repo: RepoRef, rules: readonly Immutable[]) {
  for (const { policy, tags } of rules) {
    for (const pattern of tags) {
      const [prefix = ''] = pattern.split('*', 1)
      const stays = await firstOf(name => tagsFrom(tx, repo, prefix, name), [{ policy, tags: [pattern] }])
      if (stays) return stays
    }
  }
  return undefined
}

const PAGE = 1000

async function firstOf(
  page: (after: string) => Promise<string[]>,
  rules: readonly Immutable[],
): Promise<Stays | undefined> {
  for (let after = ''; ; ) {
    const names = await page(after)
    for (const name of names) {
      const stays = heldBy(rules, name)
      if (stays) return stays
    }
    const last = names.at(-1)
    if (last === undefined || names.length < PAGE) return undefined
    after = last
  }
}

function heldBy(rules: readonly Immutable[], name: string): Stays | undefined {
  const rule = rules.find(({ tags }) => tags.some(pattern => matches(pattern, name)))
  return rule && { kind: 'tag', name, policy: rule.policy }
}

async function tagsOf(tx: ReadTx, { registryId, repository }: RepoRef, digest: string, after: string) {
  const rows = await tx.all<{ name: string }>(sql`select name from tag where registry_id = ${registryId}
    and repository = ${repository} and digest = ${digest} and name > ${after} order by name limit ${PAGE}`)
  return rows.map(row => row.name)
}

// No tag has a character that sorts behind "~".
async function tagsFrom(tx: ReadTx, { registryId, repository }: RepoRef, prefix: string, after: string) {
  const rows = await tx.all<{ name: string }>(sql`select name from tag where registry_id = ${registryId}
    and repository = ${repository} and name >= ${prefix} and name < ${`${prefix}~`} and name > ${after}
    order by name limit ${PAGE}`)
  return rows.map(row => row.name)
}
