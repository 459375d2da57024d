import type { IncomingMessage } from 'node:http'
import { BodyTooLarge, Failure, readBody } from '../../kernel/index.ts'
import { type Digest, isDigest, isIndex, parseDigest, parseTag } from '../../oci/index.ts'
import { originOf } from '../content/origin.ts'
import { ManifestTooLarge, ManifestUnknown, TagsNeedDigest, TooManyTags } from '../failures.ts'
import type { StoredManifest } from '../read/manifests.ts'
import { Unsigned } from '../trust/failures.ts'
import type { TrustPolicy } from '../trust/trust.ts'
import { answerEmpty } from './answer.ts'
import type { DataPlaneParts, Exchange, ServingParts } from './exchange.ts'
import { parseQuery } from './route.ts'

// The specification asks for 10.
const TAGS_A_PUSH = 100

export function getManifest(parts: ServingParts, exchange: Exchange): void | Promise<void> {
  const reference = checkReference(exchange.route.rest)
  const refusing = parts.trust.refusing(exchange.repo)
  if (refusing.length > 0) return getSigned(parts, exchange, reference, refusing)
  const found = parts.registry.getManifest(exchange.repo, reference)
  // No promise where there is nothing to wait for: a pull by tag is the hottest path there is.
  if (found instanceof Promise) return found.then(manifest => sendManifest(parts, exchange, manifest))
  sendManifest(parts, exchange, found)
}

/** Refused where a policy asks for a signature that is not there; the refusal stands in the audit. */
async function getSigned(
  parts: ServingParts,
  exchange: Exchange,
  reference: string,
  policies: readonly TrustPolicy[],
): Promise<void> {
  const { req, repo, caller, tenantId } = exchange
  const manifest = await parts.registry.getManifest(repo, reference)
  // Who may push can put the missing signature here, and reads what it is of first; the token for that says pull alone.
  if (manifest && !parts.authorizer.mayAtAll(caller, 'push', repo)) {
    const missing = await parts.trust.missing(repo, manifest, policies)
    if (missing.length > 0) {
      const { digest } = manifest
      const because = { reference, digest, policies: missing.map(one => one.name).join(' ') }
      await parts.denials.forbidden({ req, caller, repo, tenantId, action: 'pull', because })
      throw Unsigned(repo.repository, reference, digest, missing)
    }
  }
  sendManifest(parts, exchange, manifest)
}

function sendManifest({ registry }: ServingParts, exchange: Exchange, manifest: StoredManifest | undefined): void {
  const { req, res, repo, route } = exchange
  if (manifest === undefined) throw ManifestUnknown(repo.repository, route.rest)
  const unchanged = isUnchanged(req.headers['if-none-match'], manifest.etag)
  const isWhole = !unchanged && req.method !== 'HEAD' && !isIndex(manifest.mediaType)
  registry.pulls.pulled(repo, route.rest, manifest, isWhole)
  const moved = registry.moved.of(repo.registryId)
  if (isWhole) moved.pulls += 1
  if (unchanged) {
    answerEmpty(res, 304, ['ETag', manifest.etag, 'Docker-Content-Digest', manifest.digest])
    return
  }
  res.writeHead(200, manifest.headers)
  if (req.method === 'HEAD') {
    res.end()
    return
  }
  moved.bytesOut += manifest.bytes.length
  res.end(manifest.bytes)
}

export async function putManifest({ registry }: DataPlaneParts, exchange: Exchange) {
  const { req, res, repo, route, query, caller, tenantId } = exchange
  const { rest: reference } = route
  const digest = reference.includes(':') ? parseDigest(reference) : undefined
  const tags = digest ? [...new Set(parseQuery(query).getAll('tag'))].map(parseTag) : [parseTag(reference)]
  if (!digest && parseQuery(query).has('tag')) throw TagsNeedDigest()
  if (tags.length > TAGS_A_PUSH) throw TooManyTags(TAGS_A_PUSH)
  const limit = registry.limits.manifestBytes
  const bytes = await readManifest(req, limit)
  const push = { bytes, contentType: req.headers['content-type'], digest, tags }
  const pushed = await registry.putManifest(repo, push, originOf(req, caller, tenantId))
  answerEmpty(res, 201, [
    'Location',
    `/v2/${repo.repository}/manifests/${pushed.digest}`,
    'Docker-Content-Digest',
    pushed.digest,
    ...(pushed.subject === '' ? [] : ['OCI-Subject', pushed.subject]),
    ...(digest && tags.length > 0 ? ['OCI-Tag', tags.join(', ')] : []),
  ])
}

async function readManifest(req: IncomingMessage, limit: number): Promise<Uint8Array> {
  try {
    return await readBody(req, limit)
  } catch (error) {
    throw error instanceof Failure && error.is(BodyTooLarge) ? ManifestTooLarge(limit).from(error) : error
  }
}

export async function deleteManifest({ registry }: DataPlaneParts, exchange: Exchange): Promise<void> {
  const { req, res, repo, route, caller, tenantId } = exchange
  const reference = checkReference(route.rest)
  const by = originOf(req, caller, tenantId)
  const deleted = await (isDigest(reference)
    ? registry.deleteManifest(repo, reference, by)
    : registry.deleteTag(repo, reference, by))
  if (!deleted) throw ManifestUnknown(repo.repository, reference)
  answerEmpty(res, 202, isDigest(reference) ? ['Docker-Content-Digest', reference] : [])
}

/** A tag, or what has a colon and so can only be a digest. */
function checkReference(text: string): Digest | string {
  return text.includes(':') ? parseDigest(text) : parseTag(text)
}

export function isUnchanged(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false
  return header.trim() === '*' || header.split(',').some(one => one.trim().replace(/^W\//, '') === etag)
}
