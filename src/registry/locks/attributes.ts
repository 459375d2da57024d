import { type Hlc, type ReadTx, sql, type Tx } from '../../kernel/index.ts'
import type { AttributesChange, Merged, RepoRef } from '../content/change.ts'
import { dropEmptyRepository, inLists, isRepositoryHere, keepRepository } from '../content/repository.ts'
import { type Place, settleAttributes } from '../content/stamp.ts'
import { ManifestUnknown, RepositoryUnknown, TagUnknown } from '../failures.ts'

/** What may be done with a repository, a tag or a manifest. All of it, until somebody says otherwise. */
export type Attributes = {
  readonly read: boolean
  readonly write: boolean
  readonly delete: boolean
  readonly list: boolean
}
export type Attribute = keyof Attributes
/** What has attributes of its own. The name of a repository is '' here: it is that of the rows' repository. */
export type Subject = { readonly kind: Place['kind']; readonly name: string }

export const ATTRIBUTES: readonly Attribute[] = ['delete', 'write', 'read', 'list']
export const UNRESTRICTED: Attributes = { delete: true, write: true, read: true, list: true }
export const REPOSITORY: Subject = { kind: 'repository', name: '' }

/** Each attribute is merged alone: two regions that change different ones of a tag at once both get their way. */
export async function putAttributes(tx: Tx, change: AttributesChange): Promise<Merged> {
  const { registryId, repository, of, set } = change
  if (change.hlc === undefined) await mustBeHere(tx, change, of)
  const hlc = await settleAttributes(tx, { registryId, repository, ...of }, change.hlc)
  // Older than the deletion of what it is about.
  if (hlc === undefined) return { applied: false }
  let applied = false
  for (const field of ATTRIBUTES) {
    const enabled = set[field]
    if (enabled !== undefined && (await putOne(tx, change, { field, enabled, hlc }))) applied = true
  }
  if (applied && of.kind === 'repository') await keepWhileRestricted(tx, change)
  return { applied, hlc }
}

async function putOne(
  tx: Tx,
  { registryId, repository, of }: AttributesChange,
  { field, enabled, hlc }: { field: Attribute; enabled: boolean; hlc: Hlc },
): Promise<boolean> {
  const put = await tx.run(sql`insert into attribute (registry_id, repository, kind, name, field, enabled, hlc, set_at)
    values (${registryId}, ${repository}, ${of.kind}, ${of.name}, ${field}, ${enabled ? 1 : 0}, ${hlc}, ${tx.clock.now()})
    on conflict (registry_id, repository, kind, name, field) do update set enabled = excluded.enabled,
      hlc = excluded.hlc, set_at = excluded.set_at where excluded.hlc > attribute.hlc`)
  return put > 0
}

/** A locked repository is there while it is empty, too: else nobody could unlock it. */
async function keepWhileRestricted(tx: Tx, repo: RepoRef): Promise<void> {
  const { registryId, repository } = repo
  const held = await tx.one(sql`select field from attribute where registry_id = ${registryId}
    and repository = ${repository} and kind = 'repository' and name = '' and enabled = 0 limit 1`)
  if (held) await keepRepository(tx, repo)
  else await dropEmptyRepository(tx, repo)
}

async function mustBeHere(tx: Tx, repo: RepoRef, { kind, name }: Subject): Promise<void> {
  const { registryId, repository } = repo
  if (kind === 'tag') {
    const tag = await tx.one(sql`select name from tag
      where registry_id = ${registryId} and repository = ${repository} and name = ${name}`)
    if (!tag) throw TagUnknown(repository, name)
  } else if (kind === 'manifest') {
    const manifest = await tx.one(sql`select digest from manifest
      where registry_id = ${registryId} and repository = ${repository} and digest = ${name}`)
    if (!manifest) throw ManifestUnknown(repository, name)
  } else if (!(await isRepositoryHere(tx, repo))) throw RepositoryUnknown(repository)
}

type Row = { name: string; field: Attribute }

/** The attributes of those names that have any that is off. One read where nothing of the kind has. */
export async function attributesOf(
  read: ReadTx,
  { registryId, repository }: RepoRef,
  kind: Subject['kind'],
  names: readonly string[],
): Promise<Map<string, Attributes>> {
  const any = await read.one(sql`select name from attribute where registry_id = ${registryId}
    and repository = ${repository} and kind = ${kind} and enabled = 0 limit 1`)
  const found = new Map<string, Attributes>()
  for (const some of any ? inLists(names) : []) {
    const rows = await read.all<Row>(sql`select name, field from attribute where registry_id = ${registryId}
      and repository = ${repository} and kind = ${kind} and enabled = 0 and name in (${some})`)
    for (const { name, field } of rows) found.set(name, { ...(found.get(name) ?? UNRESTRICTED), [field]: false })
  }
  return found
}

/** Those of these repositories that no list shows. */
export async function hiddenRepositories(
  read: ReadTx,
  registryId: string,
  names: readonly string[],
): Promise<Set<string>> {
  const any = await read.one(sql`select repository from attribute
    where registry_id = ${registryId} and kind = 'repository' and field = 'list' and enabled = 0 limit 1`)
  const hidden = new Set<string>()
  for (const some of any ? inLists(names) : []) {
    const rows = await read.all<{ repository: string }>(sql`select repository from attribute
      where registry_id = ${registryId} and kind = 'repository' and field = 'list' and enabled = 0
      and repository in (${some})`)
    for (const row of rows) hidden.add(row.repository)
  }
  return hidden
}

/** Of those of these repositories that have any that is off. */
export async function repositoryAttributes(
  read: ReadTx,
  registryId: string,
  names: readonly string[],
): Promise<Map<string, Attributes>> {
  const found = new Map<string, Attributes>()
  for (const some of inLists(names)) {
    const rows = await read.all<{ repository: string; field: Attribute }>(sql`select repository, field from attribute
      where registry_id = ${registryId} and kind = 'repository' and name = '' and enabled = 0
      and repository in (${some})`)
    for (const { repository, field } of rows) {
      found.set(repository, { ...(found.get(repository) ?? UNRESTRICTED), [field]: false })
    }
  }
  return found
}
