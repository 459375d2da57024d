import { type Digest, digestAlgorithm, type Hasher, hasher } from '../digest.ts'
import { BytesDiffer, ProtocolBroken, RegistryUnreachable } from './failures.ts'
import { pull, type Repository, type WithSignal } from './scope.ts'
import { type Answer, cutFrom, isPassing, type Session } from './session.ts'

export type BlobStart = { readonly at: number; readonly hash?: Hasher }

export type PullOptions = WithSignal & {
  /** Where to begin, and a hash that has taken what came before. Without one the digest cannot be checked here. */
  readonly from?: BlobStart
}

/**
 * The bytes of a blob, in order, from as many requests as it takes: a connection that is cut goes on by range where
 * it broke. Ends without an error only where the whole of it has the digest.
 */
export async function* pullBlob(
  session: Session,
  from: Repository,
  wanted: { readonly digest: Digest; readonly size?: number },
  options: PullOptions = {},
): AsyncGenerator<Uint8Array, void, undefined> {
  const fresh = (options.from?.at ?? 0) === 0 ? hasher(digestAlgorithm(wanted.digest)) : undefined
  const hash = options.from?.hash ?? fresh
  let at = options.from?.at ?? 0
  let size = wanted.size
  for (let fruitless = 0; size === undefined || at < size || at === 0; ) {
    const begun = at
    let cut: unknown
    try {
      const part = await openFrom(session, from, wanted.digest, at, options.signal)
      size ??= part.size
      if (part.size !== size) throw BytesDiffer(from.host, wanted.digest, `it has ${part.size} bytes, not ${size}`)
      const chunks = part.chunks[Symbol.asyncIterator]()
      try {
        for (let next = await chunks.next(); !next.done; next = await chunks.next()) {
          if (at + next.value.length > size)
            throw BytesDiffer(from.host, wanted.digest, `it has more than ${size} bytes`)
          at += next.value.length
          hash?.update(next.value)
          yield next.value
        }
      } finally {
        await chunks.return?.()
      }
      if (at < size) cut = RegistryUnreachable(from.host, `blob ${wanted.digest} ended at byte ${at} of ${size}`)
    } catch (error) {
      cut = cutFrom(from.host, error, options.signal)
      if (!isPassing(cut)) throw cut
    }
    if (cut === undefined) break
    fruitless = at > begun ? 0 : fruitless + 1
    await session.pause(fruitless, cut, options.signal)
  }
  const got = hash?.digest()
  if (got && got !== wanted.digest) throw BytesDiffer(from.host, wanted.digest, `its bytes are ${got}`)
}

type Part = { readonly size: number; readonly chunks: AsyncIterable<Uint8Array> }

async function openFrom(
  session: Session,
  from: Repository,
  digest: Digest,
  at: number,
  signal: AbortSignal | undefined,
): Promise<Part> {
  const answer = await session.call({
    ...pull(from),
    method: 'GET',
    to: `/v2/${from.repository}/blobs/${digest}`,
    headers: at === 0 ? {} : { range: `bytes=${at}-` },
    expect: [200, 206],
    streams: true,
    what: `blob ${digest} of ${from.repository}`,
    signal,
  })
  try {
    return partOf(answer, from.host, at)
  } catch (error) {
    answer.reply.discard()
    throw error
  }
}

function partOf({ reply }: Answer, host: string, at: number): Part {
  if (reply.status === 200) {
    const length = reply.header('content-length')
    if (length === undefined || !/^\d+$/.test(length)) throw ProtocolBroken(host, 'it sends a blob without its length')
    // Some registries ignore ranges: what is here already is read over.
    return { size: Number(length), chunks: at === 0 ? reply.body : after(reply.body, at) }
  }
  const range = /^bytes (\d+)-\d+\/(\d+)$/.exec(reply.header('content-range') ?? '')
  if (!range || Number(range[1]) !== at)
    throw ProtocolBroken(host, `asked for byte ${at}, it sends ${reply.header('content-range')}`)
  return { size: Number(range[2]), chunks: reply.body }
}

async function* after(body: AsyncIterable<Uint8Array>, skip: number): AsyncGenerator<Uint8Array> {
  let left = skip
  for await (const chunk of body) {
    if (left >= chunk.length) left -= chunk.length
    else {
      yield left === 0 ? chunk : chunk.subarray(left)
      left = 0
    }
  }
}
