import { type Digest, digestAlgorithm, digestOf, isDigest, parseDigest } from '../digest.ts'
import { type Manifest, manifestLimits, parseManifest } from '../manifest.ts'
import { acceptedManifests, essence } from '../media-types.ts'
import { type Reference, selector } from '../reference.ts'
import { BytesDiffer, ProtocolBroken } from './failures.ts'
import { readReply } from './reply.ts'
import { pull, push, type Repository, remove, type WithSignal } from './scope.ts'
import type { Session } from './session.ts'
import { bodyOf, type HttpReply } from './transport.ts'

export type Found = { readonly digest: Digest; readonly mediaType: string; readonly size: number }
export type FetchedManifest = Found & { readonly bytes: Uint8Array; readonly manifest: Manifest }

/** What a tag or digest stands for now, without its bytes where the registry allows it. */
export async function resolve(session: Session, ref: Reference, options: WithSignal = {}): Promise<Found> {
  const { reply } = await session.call({ ...asked(ref), method: 'HEAD', expect: [200, 405], signal: options.signal })
  reply.discard()
  const digest = ref.digest ?? headerDigest(reply, ref.host)
  const length = reply.header('content-length')
  const mediaType = essence(reply.header('content-type'))
  // Old registries answer HEAD with too little.
  if (reply.status !== 200 || !digest || length === undefined || mediaType === '')
    return getManifest(session, ref, options)
  return { digest, mediaType, size: Number(length) }
}

/** A manifest whose bytes have its digest, and what it says. */
export async function getManifest(
  session: Session,
  ref: Reference,
  options: WithSignal = {},
): Promise<FetchedManifest> {
  const { reply } = await session.call({ ...asked(ref), method: 'GET', expect: [200], signal: options.signal })
  const bytes = await readReply(reply, manifestLimits.bytes, ref.host)
  const said = ref.digest ?? headerDigest(reply, ref.host)
  const digest = digestOf(bytes, said ? digestAlgorithm(said) : 'sha256')
  if (said && said !== digest) throw BytesDiffer(ref.host, said, `its bytes are ${digest}`)
  const manifest = parseManifest(bytes, reply.header('content-type'))
  return { digest, mediaType: manifest.mediaType, size: bytes.length, bytes, manifest }
}

/** Puts a manifest under a tag, or under its digest alone. */
export async function putManifest(
  session: Session,
  to: Repository,
  manifest: { readonly bytes: Uint8Array; readonly mediaType: string; readonly digest: Digest; readonly tag?: string },
  options: WithSignal = {},
): Promise<HttpReply> {
  const name = manifest.tag ?? manifest.digest
  const { reply } = await session.call({
    ...push(to),
    method: 'PUT',
    to: `/v2/${to.repository}/manifests/${name}`,
    headers: { 'content-type': manifest.mediaType },
    body: bodyOf(manifest.bytes),
    expect: [201],
    what: `manifest ${name} of ${to.repository}`,
    signal: options.signal,
  })
  reply.discard()
  const got = reply.header('docker-content-digest')
  // A registry that names it by another algorithm has the same bytes; one that names other bytes has not.
  if (got !== undefined && isDigest(got) && digestOf(manifest.bytes, digestAlgorithm(got)) !== got) {
    throw BytesDiffer(to.host, manifest.digest, `the registry stored ${got}`)
  }
  return reply
}

/** Deletes a manifest, or a tag alone where the registry can. Whether there was one. */
export async function deleteManifest(
  session: Session,
  from: Repository,
  name: string,
  options: WithSignal = {},
): Promise<boolean> {
  const { reply } = await session.call({
    ...remove(from),
    method: 'DELETE',
    to: `/v2/${from.repository}/manifests/${name}`,
    expect: [200, 202, 204, 404],
    what: `deleting manifest ${name} of ${from.repository}`,
    signal: options.signal,
  })
  reply.discard()
  return reply.status !== 404
}

function asked(ref: Reference) {
  const name = selector(ref)
  return {
    ...pull(ref),
    to: `/v2/${ref.repository}/manifests/${name}`,
    headers: { accept: acceptedManifests.join(', ') },
    what: `manifest ${name} of ${ref.repository}`,
  }
}

function headerDigest(reply: HttpReply, host: string): Digest | undefined {
  const text = reply.header('docker-content-digest')
  if (text === undefined) return undefined
  try {
    return parseDigest(text)
  } catch (error) {
    throw ProtocolBroken(host, 'its Docker-Content-Digest is no digest').from(error)
  }
}
