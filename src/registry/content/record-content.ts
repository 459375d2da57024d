import { type AuditEntry, type AuditFrom, type AuditOrigin, recordAudit } from '../../audit/index.ts'
import { scopeText } from '../../identity/index.ts'
import type { Tx } from '../../kernel/index.ts'
import type { ContentRequest, RepoRef } from './change.ts'

/** Who asks, as the data plane knows it; the region is the registry's own. */
export type ContentOrigin = AuditOrigin & {
  /** Which password or sign-in vouched for the caller; never the thing itself. */
  readonly proof?: string
  /** For the feed, not for the audit. */
  readonly request?: ContentRequest
}

export type ContentFrom = AuditFrom & Pick<ContentOrigin, 'proof' | 'request'>

type Done = {
  action: 'registry/content/write' | 'registry/content/delete' | 'registry/metadata/write'
  detail: NonNullable<AuditEntry['detail']>
}

/** Adds what somebody did to a repository's content, in the transaction that does it. */
export function recordContent(tx: Tx, from: ContentFrom, repo: RepoRef, { action, detail }: Done): Promise<void> {
  const { region, proof, request: _told, ...origin } = from
  const resource = repositoryText(from.tenantId, repo)
  const shown = proof === undefined ? {} : { proof }
  return recordAudit(tx, region, { ...origin, action, resource, result: 'done', detail: { ...detail, ...shown } })
}

/** As the audit names a repository: it lies in its registry, which is a resource of a tenant. */
export function repositoryText(tenantId: string, { registryId, repository }: RepoRef): string {
  return `${registryText(tenantId, registryId)}/repositories/${repository}`
}

export function registryText(tenantId: string, registryId: string): string {
  return scopeText({ tenantId, kind: 'resource', nodeId: registryId })
}

/** A detail holds 1,024 characters, and a hundred tags of 128 are more: they go on in `tags2` and so on. */
const LONGEST_PART = 1000

export function tagDetails(tags: readonly string[]): Record<string, string> {
  const parts: string[] = []
  for (const tag of tags) {
    const last = parts.at(-1)
    if (last === undefined || last.length + tag.length >= LONGEST_PART) parts.push(tag)
    else parts[parts.length - 1] = `${last} ${tag}`
  }
  return Object.fromEntries(parts.map((part, i) => [i === 0 ? 'tags' : `tags${i + 1}`, part]))
}
