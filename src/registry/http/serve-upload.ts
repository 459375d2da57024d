import type { IncomingMessage } from 'node:http'
import { bodyChunks } from '../../kernel/index.ts'
import { type Digest, digestAlgorithm, parseDigest, parseRepository } from '../../oci/index.ts'
import { AlgorithmUnsupported, BlobTooLarge, LengthMismatch } from '../failures.ts'
import type { ChunkRange } from '../uploads/uploads.ts'
import { answerEmpty, type Headers } from './answer.ts'
import { parseChunkRange } from './byte-range.ts'
import type { DataPlaneParts, Exchange } from './exchange.ts'
import { parseQuery } from './route.ts'

/** Begins an upload, takes a whole blob, or mounts one: the query says which. */
export async function postUpload(parts: DataPlaneParts, exchange: Exchange): Promise<void> {
  const { req, res, repo } = exchange
  const query = parseQuery(exchange.query)
  const mount = query.get('mount')
  if (mount !== null) return mountBlob(parts, exchange, parseDigest(mount), query.get('from') ?? undefined)
  const digest = query.get('digest')
  if (digest !== null) {
    const expected = parseDigest(digest)
    checkSize(parts, req)
    await parts.registry.pushBlob(repo, expected, bodyChunks(req))
    return answerEmpty(res, 201, blobLocation(exchange, expected))
  }
  await beginUpload(parts, exchange, algorithmOf(query.get('digest-algorithm')))
}

async function mountBlob(parts: DataPlaneParts, exchange: Exchange, digest: Digest, from: string | undefined) {
  const { registryId } = exchange.repo
  const mayRead = (repository: string) => parts.authorizer.mayAtAll(exchange.caller, 'pull', { registryId, repository })
  const source = from === undefined || from === '' ? undefined : parseRepository(from)
  if (await parts.registry.mountBlob(exchange.repo, source, digest, mayRead)) {
    return answerEmpty(exchange.res, 201, blobLocation(exchange, digest))
  }
  await beginUpload(parts, exchange, digestAlgorithm(digest))
}

async function beginUpload({ registry }: DataPlaneParts, { res, repo }: Exchange, algorithm: 'sha256' | 'sha512') {
  const { id } = await registry.startUpload(repo, algorithm)
  const least = registry.limits.chunkMinBytes
  const chunk = least > 0 ? ['OCI-Chunk-Min-Length', String(least)] : []
  answerEmpty(res, 202, [...uploadHeaders(repo.repository, id, 0), ...chunk])
}

export async function getUpload({ registry }: DataPlaneParts, { res, repo, route }: Exchange): Promise<void> {
  const { size } = await registry.uploadStatus(repo, route.rest)
  answerEmpty(res, 204, uploadHeaders(repo.repository, route.rest, size))
}

export async function patchUpload(parts: DataPlaneParts, { req, res, repo, route }: Exchange): Promise<void> {
  checkSize(parts, req)
  const range = chunkOf(req)
  const { size } = await parts.registry.appendUpload(repo, route.rest, bodyChunks(req), range)
  answerEmpty(res, 202, uploadHeaders(repo.repository, route.rest, size))
}

export async function putUpload(parts: DataPlaneParts, exchange: Exchange): Promise<void> {
  const { req, res, repo, route } = exchange
  const digest = parseDigest(parseQuery(exchange.query).get('digest') ?? '')
  checkSize(parts, req)
  await parts.registry.finishUpload(repo, route.rest, digest, bodyChunks(req), chunkOf(req))
  answerEmpty(res, 201, blobLocation(exchange, digest))
}

export async function deleteUpload({ registry }: DataPlaneParts, { res, repo, route }: Exchange): Promise<void> {
  await registry.cancelUpload(repo, route.rest)
  answerEmpty(res, 204, [])
}

/** Relative, from the root: clients resolve it, and ACR's SDK takes no other. `Range` of nothing is 0-0, as Docker's. */
export function uploadHeaders(repository: string, id: string, size: number): Headers {
  const range = `0-${Math.max(0, size - 1)}`
  return ['Location', `/v2/${repository}/blobs/uploads/${id}`, 'Range', range, 'Docker-Upload-UUID', id]
}

function blobLocation({ repo }: Exchange, digest: Digest): Headers {
  return ['Location', `/v2/${repo.repository}/blobs/${digest}`, 'Docker-Content-Digest', digest]
}

/** Refuses before the first byte what can't end well. */
function checkSize({ registry }: DataPlaneParts, req: IncomingMessage): void {
  const limit = registry.limits.blobBytes
  if (Number(req.headers['content-length'] ?? 0) > limit) throw BlobTooLarge(limit)
}

function chunkOf(req: IncomingMessage): ChunkRange | undefined {
  const range = parseChunkRange(req.headers['content-range'])
  const length = req.headers['content-length']
  const expected = range ? range.to - range.from + 1 : 0
  if (range && length !== undefined && Number(length) !== expected) throw LengthMismatch(expected, Number(length))
  return range
}

function algorithmOf(text: string | null): 'sha256' | 'sha512' {
  if (text === null || text === 'sha256') return 'sha256'
  if (text === 'sha512') return 'sha512'
  throw AlgorithmUnsupported(text)
}
