import { Failure } from '../../kernel/index.ts'
import { type Descriptor, parseDescriptor } from '../descriptor.ts'
import { type Digest, digestAlgorithm, digestHex, digestOf } from '../digest.ts'
import { type Manifest, referrerDescriptor } from '../manifest.ts'
import { mediaTypes } from '../media-types.ts'
import { ContentUnknown, ProtocolBroken } from './failures.ts'
import { pages } from './lists.ts'
import { getManifest, putManifest } from './manifests.ts'
import { pull, type Repository, type WithSignal } from './scope.ts'
import type { Session } from './session.ts'

export type ReferrersOptions = WithSignal & { readonly artifactType?: string }

/** Manifests whose subject is `digest`: by the referrers API, else from the tag that stands in for it. */
export async function* referrers(
  session: Session,
  of: Repository,
  digest: Digest,
  options: ReferrersOptions = {},
): AsyncGenerator<Descriptor> {
  const url = session.url(of.host, `/v2/${of.repository}/referrers/${digest}`)
  if (options.artifactType !== undefined) url.searchParams.set('artifactType', options.artifactType)
  // Filtered here as well: registries need not filter, and few say whether they did.
  const wanted = (one: Descriptor) => options.artifactType === undefined || one.artifactType === options.artifactType
  try {
    const ask = { ...pull(of), what: `referrers of ${digest}` }
    for await (const page of pages(session, url, ask, options.signal)) {
      if (!Array.isArray(page.manifests)) throw ProtocolBroken(of.host, 'its list of referrers has no manifests')
      yield* page.manifests.map((one, at) => parseDescriptor(one, `manifests[${at}]`)).filter(wanted)
    }
  } catch (error) {
    if (!(error instanceof Failure && error.is(ContentUnknown))) throw error
    yield* (await fallback(session, of, digest, options))?.manifests.filter(wanted) ?? []
  }
}

/**
 * Adds a manifest to the list under its subject's fallback tag, for registries without the referrers API.
 * Two clients that do it at once may lose one entry: the specification knows no remedy.
 */
export async function addToFallback(
  session: Session,
  to: Repository,
  referrer: { readonly manifest: Manifest; readonly digest: Digest; readonly size: number; readonly subject: Digest },
  options: WithSignal = {},
): Promise<void> {
  const held = await fallback(session, to, referrer.subject, options)
  const manifests = held?.manifests ?? []
  if (manifests.some(one => one.digest === referrer.digest)) return
  const entry = referrerDescriptor(referrer.manifest, referrer.digest, referrer.size)
  const index = { schemaVersion: 2, mediaType: mediaTypes.ociIndex, manifests: [...manifests, entry] }
  const bytes = Buffer.from(JSON.stringify(index))
  const manifest = {
    bytes,
    mediaType: mediaTypes.ociIndex,
    digest: digestOf(bytes),
    tag: fallbackTag(referrer.subject),
  }
  await putManifest(session, to, manifest, options)
}

/** `sha256-<hex>`, cut as the specification cuts it. */
export function fallbackTag(digest: Digest): string {
  return `${digestAlgorithm(digest)}-${digestHex(digest).slice(0, 64)}`
}

async function fallback(
  session: Session,
  of: Repository,
  digest: Digest,
  options: WithSignal,
): Promise<Manifest | undefined> {
  try {
    return (await getManifest(session, { ...of, tag: fallbackTag(digest) }, options)).manifest
  } catch (error) {
    if (error instanceof Failure && error.is(ContentUnknown)) return undefined
    throw error
  }
}
