import { createHash } from 'node:crypto'
import { type IncomingMessage, request } from 'node:http'
import type { Wire } from '../peers/support/client.ts'
import { ACCEPT } from '../peers/support/client.ts'
import type { Ledger } from './ledger.ts'

/** What a path serves: the sha256 of its bytes, and a manifest's own text. */
type Seen = { value: string | undefined; text: string | undefined; problem?: string }

/**
 * Compares what is served with what was acknowledged. Nobody may be writing meanwhile.
 * Every sentence it gives is a defect: a lost or changed byte, a manifest without its content, a list
 * that disagrees with what is there.
 */
export async function check(wire: Wire, ledger: Ledger, paths: readonly string[] = ledger.paths()): Promise<string[]> {
  const findings: string[] = []
  const seen = new Map<string, Promise<Seen>>()
  const look = (path: string) => {
    const known = seen.get(path) ?? read(wire, path)
    seen.set(path, known)
    return known
  }
  await eachOf(paths, async path => {
    const one = await look(path)
    if (one.problem) findings.push(`${path}: ${one.problem}`)
    const possible = ledger.possible(path)
    if (possible.has(one.value)) ledger.settle(path, one.value)
    else
      findings.push(
        `${path}: serves ${one.value ?? 'nothing'}, acknowledged was ${[...possible].map(shown).join(' or ')}`,
      )
    if (one.text !== undefined) findings.push(...(await missingParts(path, one.text, look)))
  })
  findings.push(...(await checkTags(wire, ledger, paths)))
  return findings
}

async function missingParts(path: string, text: string, look: (path: string) => Promise<Seen>): Promise<string[]> {
  const repository = path.slice(0, path.indexOf('/manifests/'))
  type Part = { digest: string }
  const manifest: { config?: Part; layers?: Part[]; manifests?: Part[] } = JSON.parse(text)
  const blobs = [...(manifest.config ? [manifest.config] : []), ...(manifest.layers ?? [])]
  const parts = [
    ...blobs.map(part => `${repository}/blobs/${part.digest}`),
    ...(manifest.manifests ?? []).map(part => `${repository}/manifests/${part.digest}`),
  ]
  const missing: string[] = []
  for (const part of parts) {
    const one = await look(part)
    if (one.value === undefined) missing.push(`${path}: is served, and its ${part} is not`)
    if (one.problem) missing.push(`${part}: ${one.problem}`)
  }
  return missing
}

/** A tag is listed exactly where it is served. */
async function checkTags(wire: Wire, ledger: Ledger, paths: readonly string[]): Promise<string[]> {
  const isTag = (path: string) => path.includes('/manifests/') && !path.includes(':')
  const repositories = new Set(paths.filter(isTag).map(path => path.slice(0, path.indexOf('/manifests/'))))
  const findings: string[] = []
  for (const repository of repositories) {
    const response = await wire.request(`${repository}/tags/list`)
    const listed: string[] = response.status === 404 ? [] : JSON.parse(await response.text()).tags
    const served = ledger
      .paths()
      .filter(
        path => isTag(path) && path.startsWith(`${repository}/manifests/`) && !ledger.possible(path).has(undefined),
      )
      .map(path => path.slice(repository.length + '/manifests/'.length))
    for (const tag of served) if (!listed.includes(tag)) findings.push(`${repository}: tag ${tag} is not listed`)
    for (const tag of listed) {
      const possible = ledger.possible(`${repository}/manifests/${tag}`)
      if (possible.size === 1 && possible.has(undefined)) findings.push(`${repository}: tag ${tag} is listed and gone`)
    }
  }
  return findings
}

/** On a connection of its own, so that any of the processes that share the port may answer. */
async function read(wire: Wire, path: string): Promise<Seen> {
  const { status, bytes } = await get(new URL(path, wire.url), { ...wire.headers, accept: ACCEPT })
  if (status === 404) return { value: undefined, text: undefined }
  if (status !== 200)
    return { value: undefined, text: undefined, problem: `answered ${status} ${bytes.subarray(0, 300)}` }
  const value = hash('sha256', bytes)
  const named = /(sha256|sha512):[0-9a-f]+$/.exec(path)
  const wrong = named && hash(named[1] ?? '', bytes) !== named[0]
  return {
    value,
    text: path.includes('/manifests/') && !wrong ? bytes.toString() : undefined,
    ...(wrong ? { problem: `serves bytes that are not it (${bytes.length} bytes)` } : {}),
  }
}

function get(url: URL, headers: Record<string, string>): Promise<{ status: number; bytes: Buffer }> {
  return new Promise((resolve, reject) => {
    const asked = request(url, { headers, agent: false, timeout: 30_000 }, (response: IncomingMessage) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.once('error', reject)
      response.once('end', () => resolve({ status: response.statusCode ?? 0, bytes: Buffer.concat(chunks) }))
    })
    asked.once('timeout', () => asked.destroy(new Error(`${url.pathname}: no answer within 30 s`)))
    asked.once('error', reject)
    asked.end()
  })
}

async function eachOf(paths: readonly string[], work: (path: string) => Promise<void>): Promise<void> {
  const left = [...paths]
  const worker = async () => {
    for (let path = left.pop(); path !== undefined; path = left.pop()) await work(path)
  }
  await Promise.all(Array.from({ length: 8 }, worker))
}

function hash(algorithm: string, bytes: Uint8Array): string {
  return `${algorithm}:${createHash(algorithm).update(bytes).digest('hex')}`
}

function shown(value: string | undefined): string {
  return value ?? 'nothing'
}
