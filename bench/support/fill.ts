import { Agent, request } from 'node:http'
import { OCI, sha256 } from '../../test/peers/support/digest.ts'

type Headers = Record<string, string>
const agent = new Agent({ keepAlive: true, maxSockets: 64 })

/** Loads a registry over many connections at once: `count` requests, made by number. */
export async function fill(count: number, from: number, one: (number: number) => Promise<void>): Promise<void> {
  let next = from
  const worker = async () => {
    while (next < count) await one(next++)
  }
  await Promise.all(Array.from({ length: 64 }, worker))
}

export async function send(
  method: string,
  url: string,
  headers: Headers,
  body?: string | Uint8Array,
): Promise<{ status: number; location: string | undefined }> {
  const { promise, resolve, reject } = Promise.withResolvers<{ status: number; location: string | undefined }>()
  const length = body === undefined ? 0 : Buffer.byteLength(body)
  const asked = request(url, { method, agent, headers: { ...headers, 'content-length': length } }, response => {
    response.resume()
    response.once('end', () => resolve({ status: response.statusCode ?? 0, location: response.headers.location }))
    response.once('error', reject)
  })
  asked.once('error', reject)
  asked.end(body)
  const answer = await promise
  if (answer.status >= 400) throw new Error(`${method} ${url} answered ${answer.status}`)
  return answer
}

/** An image of one shared blob: the number is what makes it another one. */
export function numbered(number: number, subject?: object): { body: string; digest: string } {
  const config = { mediaType: OCI.config, digest: EMPTY.digest, size: EMPTY.bytes.length }
  const annotations = { number: `${number}` }
  const body = JSON.stringify({
    schemaVersion: 2,
    mediaType: OCI.manifest,
    config,
    layers: [],
    ...(subject ? { subject } : {}),
    annotations,
  })
  return { body, digest: sha256(body) }
}

const bytes = Buffer.from('{}')
export const EMPTY = { bytes, digest: sha256(bytes) }
