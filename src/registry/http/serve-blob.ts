import { type ByteRange, type ByteSource, sendSource } from '../../kernel/index.ts'
import { type Digest, parseDigest } from '../../oci/index.ts'
import { originOf } from '../content/origin.ts'
import { BlobUnknown } from '../failures.ts'
import type { BlobRow } from '../read/blobs.ts'
import type { MovedOf } from '../usage/moved.ts'
import { API_VERSION, answerEmpty } from './answer.ts'
import { parseByteRange } from './byte-range.ts'
import type { DataPlaneParts, Exchange } from './exchange.ts'
import { isUnchanged } from './serve-manifest.ts'

export function getBlob(parts: DataPlaneParts, exchange: Exchange): void | Promise<void> {
  const digest = parseDigest(exchange.route.rest)
  const row = parts.registry.statBlob(exchange.repo, digest)
  if (row instanceof Promise) return row.then(found => sendBlob(parts, exchange, digest, found))
  return sendBlob(parts, exchange, digest, row)
}

function sendBlob(
  parts: DataPlaneParts,
  exchange: Exchange,
  digest: Digest,
  row: BlobRow | undefined,
): void | Promise<void> {
  const { req, repo } = exchange
  if (row === undefined) throw BlobUnknown(repo.repository, digest)
  if (req.method === 'HEAD') return sendHead(parts, exchange, digest, row)
  if (isUnchanged(req.headers['if-none-match'], `"${digest}"`)) {
    return answerEmpty(exchange.res, 304, ['ETag', `"${digest}"`, 'Docker-Content-Digest', digest])
  }
  const range = rangeOf(exchange, digest, row)
  if (!parts.registry.isSmall(row)) return sendLarge(parts, exchange, digest, row, range)
  const held = parts.registry.heldBlob(row)
  if (held) return sendSmall(parts, exchange, digest, held, range)
  return parts.registry.holdBlob(row).then(bytes => {
    if (bytes === undefined) throw BlobUnknown(repo.repository, digest)
    sendSmall(parts, exchange, digest, bytes, range)
  })
}

/** After a HEAD that succeeds clients do not push the blob, so it must outlast the rest of their push. */
function sendHead(parts: DataPlaneParts, { res, repo, caller }: Exchange, digest: Digest, row: BlobRow) {
  const send = (there = true) => {
    if (!there) throw BlobUnknown(repo.repository, digest)
    res.writeHead(200, blobHeaders(digest, row.size, undefined))
    res.end()
  }
  const kept = parts.authorizer.may(caller, 'push', repo).allowed
    ? parts.registry.keepBlob(repo, digest, row)
    : undefined
  // Where that can't be written nobody is told yes: the push would lose the blob that it relies on.
  return kept === undefined ? send() : kept.then(send)
}

function sendSmall(
  { registry }: DataPlaneParts,
  { res, repo }: Exchange,
  digest: Digest,
  bytes: Uint8Array,
  range: ByteRange | undefined,
): void {
  const sent = range ? bytes.subarray(range.from, range.to + 1) : bytes
  registry.moved.of(repo.registryId).bytesOut += sent.length
  res.writeHead(range ? 206 : 200, blobHeaders(digest, bytes.length, range))
  res.end(sent)
}

async function sendLarge(
  { registry }: DataPlaneParts,
  { res, repo }: Exchange,
  digest: Digest,
  row: BlobRow,
  range: ByteRange | undefined,
): Promise<void> {
  const source = await registry.readBlob(row, range)
  // Reclaimed between row and bytes: it was deleted long before.
  if (!source) throw BlobUnknown(repo.repository, digest)
  res.writeHead(range ? 206 : 200, blobHeaders(digest, row.size, range))
  await sendSource(res, counted(source, registry.moved.of(repo.registryId)))
}

/** As it goes: a large blob takes longer than what is counted by the minute, and its client may leave. */
function counted(source: ByteSource, moved: MovedOf): ByteSource {
  return {
    size: source.size,
    async read(into) {
      const count = await source.read(into)
      moved.bytesOut += count
      return count
    },
    close: () => source.close(),
  }
}

function rangeOf({ req }: Exchange, digest: Digest, row: BlobRow): ByteRange | undefined {
  const header = req.headers.range
  if (header === undefined) return undefined
  const condition = req.headers['if-range']
  if (condition !== undefined && condition !== `"${digest}"`) return undefined
  return parseByteRange(header, row.size)
}

function blobHeaders(digest: Digest, size: number, range: ByteRange | undefined): string[] {
  const length = range ? range.to - range.from + 1 : size
  const headers = [
    'Content-Type',
    'application/octet-stream',
    'Content-Length',
    String(length),
    'Docker-Content-Digest',
    digest,
    API_VERSION[0],
    API_VERSION[1],
    'ETag',
    `"${digest}"`,
    'Accept-Ranges',
    'bytes',
  ]
  if (range) headers.push('Content-Range', `bytes ${range.from}-${range.to}/${size}`)
  return headers
}

export async function deleteBlob({ registry }: DataPlaneParts, exchange: Exchange): Promise<void> {
  const { req, res, repo, route, caller, tenantId } = exchange
  const digest = parseDigest(route.rest)
  const by = originOf(req, caller, tenantId)
  if (!(await registry.deleteBlob(repo, digest, by))) throw BlobUnknown(repo.repository, digest)
  answerEmpty(res, 202, ['Docker-Content-Digest', digest])
}
