import { appendFeed, type Tx } from '../../kernel/index.ts'
import type { ContentChange, Merged, Told } from './change.ts'

/** The feed entry of a change that took effect. Bytes stay out: a peer asks for them by digest. */
export async function announce(tx: Tx, change: ContentChange, merged: Merged, region: string, told: Told) {
  const { kind, registryId, repository } = change
  const name = 'tag' in change ? { tag: change.tag } : {}
  const digest = 'digest' in change ? { digest: change.digest } : {}
  const whole = 'deletion' in change ? { deletion: change.deletion } : {}
  const attributes = change.kind === 'attributes' ? { of: change.of, set: change.set } : {}
  const { hlc, tags } = merged
  const { size, mediaType, configMediaType } = { ...merged, ...told.manifest }
  const facts = { hlc, size, mediaType, configMediaType: configMediaType || undefined, tags }
  const { request } = told
  // What is undefined does not come out of JSON.
  const body = {
    repository,
    ...name,
    ...digest,
    ...whole,
    ...attributes,
    ...facts,
    tagged: told.tagged || undefined,
    request,
  }
  await appendFeed(tx, { region, kind: feedKind(kind), registryId, body })
}

/** `tag.put`, `tag.deleted` and so on. */
function feedKind(kind: ContentChange['kind']): string {
  const [thing = '', deleted] = kind.split('-')
  return `${thing}.${deleted === undefined ? 'put' : 'deleted'}`
}
