import { Failure } from '../../kernel/index.ts'
import { type Digest, quote } from '../digest.ts'
import { followed } from './address.ts'
import { ProtocolBroken, SourceChanged } from './failures.ts'
import { push, type Repository, type WithSignal } from './scope.ts'
import { type Answer, type Call, cutFrom, isPassing, type Session } from './session.ts'
import type { Body } from './transport.ts'

/** Bytes that can be read again from any place: a transfer that is cut goes on from there. */
export type BlobBytes = (from: number, signal: AbortSignal | undefined) => AsyncIterable<Uint8Array>

export type PushOptions = WithSignal & {
  /** A repository of the same registry that may have it. */
  readonly mountFrom?: string
  /** Sent in pieces of this many bytes; in one where not said. The registry's own minimum wins. */
  readonly chunkBytes?: number
  /** Called with what is sent so far; may fall back where a transfer was cut. */
  readonly onBytes?: (sent: number) => void
}

type Upload = {
  session: Session
  to: Repository
  blob: { digest: Digest; size: number }
  open: BlobBytes
  options: PushOptions
}
type Place = { url: URL; at: number; chunk: number }

/** Brings a blob to a registry: not at all where it is there, by mounting, or by sending it. */
export async function pushBlob(
  session: Session,
  to: Repository,
  blob: { readonly digest: Digest; readonly size: number },
  open: BlobBytes,
  options: PushOptions = {},
): Promise<'present' | 'mounted' | 'sent'> {
  const upload: Upload = { session, to, blob, open, options }
  if (await hasBlob(session, to, blob.digest, options)) return 'present'
  let place = await begin(upload, options.mountFrom)
  if (place === undefined) return 'mounted'
  for (let fruitless = 0; ; ) {
    const begun = place.at
    const source = { broken: undefined as unknown }
    try {
      await sendRest(upload, place, source)
      return 'sent'
    } catch (error) {
      if (source.broken !== undefined) throw source.broken
      const cut = cutFrom(to.host, error, options.signal)
      const astray = cut instanceof Failure && cut.code === 'OCI_REFUSED' && cut.detail.status === 416
      if (!isPassing(cut) && !astray && !isGone(cut)) throw cut
      await session.pause(++fruitless, cut, options.signal)
      // The answer to the last request may be what was lost.
      if (await hasBlob(session, to, blob.digest, options)) return 'sent'
      place = (await whereIs(upload, place)) ?? (await begin(upload)) ?? place
      if (place.at > begun) fruitless = 0
    }
  }
}

export async function hasBlob(
  session: Session,
  at: Repository,
  digest: Digest,
  { signal }: WithSignal = {},
): Promise<boolean> {
  const { reply } = await session.call({
    ...push(at),
    method: 'HEAD',
    to: `/v2/${at.repository}/blobs/${digest}`,
    expect: [200, 404],
    what: `blob ${digest} of ${at.repository}`,
    signal,
  })
  reply.discard()
  return reply.status === 200
}

/** Opens an upload; undefined where the registry mounted the blob instead. */
async function begin(upload: Upload, mountFrom?: string): Promise<Place | undefined> {
  const { session, to, blob, options } = upload
  const query = new URLSearchParams(mountFrom === undefined ? {} : { mount: blob.digest, from: mountFrom })
  // Registries that speak 1.1 ignore it for sha256; others need it to hash as they write.
  if (blob.digest.startsWith('sha512:')) query.set('digest-algorithm', 'sha512')
  const answer = await session.call({
    ...push(to, mountFrom),
    method: 'POST',
    to: `/v2/${to.repository}/blobs/uploads/${query.size === 0 ? '' : `?${query}`}`,
    headers: { 'content-length': '0' },
    expect: [201, 202],
    what: `an upload to ${to.repository}`,
    signal: options.signal,
  })
  answer.reply.discard()
  if (answer.reply.status === 201) return undefined
  const least = Number(answer.reply.header('oci-chunk-min-length') ?? 0)
  const chunk =
    options.chunkBytes === undefined ? blob.size : Math.max(options.chunkBytes, Number.isSafeInteger(least) ? least : 0)
  return { url: nextUrl(upload, answer), at: 0, chunk: Math.max(1, chunk) }
}

async function sendRest(upload: Upload, place: Place, source: { broken: unknown }): Promise<void> {
  const { session, to, blob, options } = upload
  const whole = place.at === 0 && place.chunk >= blob.size
  while (!whole && place.at < blob.size) {
    const end = Math.min(place.at + place.chunk, blob.size)
    const answer = await session.call({
      ...about(upload, place),
      method: 'PATCH',
      headers: { 'content-type': 'application/octet-stream', 'content-range': `${place.at}-${end - 1}` },
      body: part(upload, place.at, end, source),
      expect: [202],
    })
    answer.reply.discard()
    place.url = nextUrl(upload, answer)
    place.at = end
  }
  const url = new URL(place.url)
  url.searchParams.set('digest', blob.digest)
  const { reply } = await session.call({
    ...about(upload, place),
    method: 'PUT',
    to: url,
    headers: { 'content-type': 'application/octet-stream' },
    body: part(upload, whole ? 0 : blob.size, blob.size, source),
    expect: [201],
  })
  reply.discard()
  options.onBytes?.(blob.size)
  const got = reply.header('docker-content-digest')
  if (got !== undefined && got !== blob.digest) {
    throw ProtocolBroken(to.host, `it stored blob ${blob.digest} of ${to.repository} as ${quote(got)}`)
  }
}

/** Asks how far an upload is; undefined where the registry forgot it (docker-registry 2.8 forgets each that was cut). */
async function whereIs(upload: Upload, place: Place): Promise<Place | undefined> {
  const answer = await upload.session.call({ ...about(upload, place), method: 'GET', expect: [204, 404], retry: true })
  answer.reply.discard()
  if (answer.reply.status === 404) return undefined
  const range = /^(?:bytes=)?0-(\d+)$/.exec(answer.reply.header('range') ?? '')
  // "0-0" is one byte, or none where a registry cannot say "none": sending that byte again would be refused,
  // so an upload that may be that short is begun anew.
  const held = range ? Number(range[1]) + 1 : 0
  if (held <= 1 || held > upload.blob.size) return undefined
  return { url: nextUrl(upload, answer), at: held, chunk: place.chunk }
}

function about({ to, options }: Upload, place: Place): Omit<Call, 'method' | 'expect'> {
  return { ...push(to), to: place.url, what: `an upload to ${to.repository}`, retry: false, signal: options.signal }
}

function nextUrl({ to }: Upload, { reply, url }: Answer): URL {
  const location = reply.header('location')
  if (location === undefined) throw ProtocolBroken(to.host, 'it does not say where to send an upload')
  return followed(url, location)
}

function part({ open, blob, options }: Upload, from: number, to: number, source: { broken: unknown }): Body {
  return {
    size: to - from,
    async *open() {
      if (from === to) return
      let at = from
      const chunks = open(from, options.signal)[Symbol.asyncIterator]()
      try {
        while (at < to) {
          const next = await chunks.next()
          if (next.done) throw SourceChanged(blob.digest, `it ended at byte ${at} of ${blob.size}`)
          const piece = at + next.value.length > to ? next.value.subarray(0, to - at) : next.value
          at += piece.length
          yield piece
          options.onBytes?.(at)
        }
      } catch (error) {
        source.broken = error
        throw error
      } finally {
        await chunks.return?.()
      }
    },
  }
}

function isGone(error: unknown): boolean {
  return error instanceof Failure && error.code === 'OCI_UNKNOWN'
}
