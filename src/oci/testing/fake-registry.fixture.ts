import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { digestOf, parseDigest } from '../digest.ts'
import { essence, mediaTypes } from '../media-types.ts'

/** What goes wrong with one request. */
export type Fault = {
  /** Answers so instead of serving. */
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  /** The connection is cut after this many bytes of the answer's body … */
  readonly cutAnswer?: number
  /** Nothing comes after this many bytes of it, and the connection stays … */
  readonly holdAnswer?: number
  /** … of the request's body (what came before is kept) … */
  readonly cutRequest?: number
  /** … or after all is done, before the answer. */
  readonly loseAnswer?: boolean
}

type Options = {
  readonly fault?: (method: string, url: URL, seen: number) => Fault | undefined
  /** A token of this text is asked for, from a realm of its own. */
  readonly token?: { readonly text: string; readonly realm: () => string }
  readonly basic?: string
  readonly referrersApi?: boolean
  readonly ignoreRange?: boolean
  readonly minChunk?: number
  readonly pageSize?: number
}

export type FakeRegistry = Awaited<ReturnType<typeof fakeRegistry>>

/** A registry in memory that fails on demand: enough of the protocol for the client's tests. */
export async function fakeRegistry(options: Options = {}) {
  const blobs = new Map<string, Buffer>()
  const manifests = new Map<string, { bytes: Buffer; type: string }>()
  const uploads = new Map<string, Buffer>()
  const log: { line: string; headers: IncomingMessage['headers'] }[] = []
  const counts = new Map<string, number>()
  let begun = 0

  const serve = async (request: IncomingMessage, response: ServerResponse) => {
    const method = request.method ?? ''
    const url = new URL(request.url ?? '/', 'http://localhost')
    log.push({ line: `${method} ${url.pathname}`, headers: request.headers })
    const seen = counts.get(method) ?? 0
    counts.set(method, seen + 1)
    const fault = options.fault?.(method, url, seen)
    if (fault?.status !== undefined) return response.writeHead(fault.status, fault.headers).end()
    if (!admitted(request, response)) return undefined
    const [, name = '', rest = ''] = /^\/v2\/(.+?)\/((?:blobs|manifests|tags|referrers)\/.*)$/.exec(url.pathname) ?? []
    if (rest === '') return system(url, response)
    if (rest.startsWith('blobs/uploads/')) return upload(request, response, { url, name, id: rest.slice(14), fault })
    if (rest.startsWith('blobs/')) return blob(request, response, `${name}/${rest.slice(6)}`, fault)
    if (rest.startsWith('manifests/')) return manifest(request, response, name, rest.slice(10))
    if (rest.startsWith('referrers/')) return referrers(response, name, rest.slice(10))
    const tags = [...manifests.keys()].filter(key => key.startsWith(`${name}:`) && !key.includes('@'))
    return page(url, response, 'tags', tags.map(key => key.slice(name.length + 1)).toSorted())
  }

  const admitted = (request: IncomingMessage, response: ServerResponse): boolean => {
    const wanted = options.token ? `Bearer ${options.token.text}` : options.basic
    if (wanted === undefined || request.headers.authorization === wanted) return true
    const challenge = options.token ? `Bearer realm="${options.token.realm()}",service="fake"` : 'Basic realm="fake"'
    request.resume()
    response.writeHead(401, { 'www-authenticate': challenge }).end()
    return false
  }

  const system = (url: URL, response: ServerResponse) => {
    if (url.pathname === '/v2/') return response.end('{}')
    const names = new Set([...manifests.keys()].map(key => key.split(/[:@]/)[0] ?? ''))
    return url.pathname === '/v2/_catalog'
      ? page(url, response, 'repositories', [...names].toSorted())
      : response.writeHead(404).end()
  }

  const page = (url: URL, response: ServerResponse, field: string, all: string[]) => {
    const size = Number(url.searchParams.get('n') ?? options.pageSize ?? 1000)
    const rest = all.filter(one => one > (url.searchParams.get('last') ?? ''))
    const shown = rest.slice(0, size)
    if (rest.length > size) response.setHeader('link', `<${url.pathname}?n=${size}&last=${shown.at(-1)}>; rel="next"`)
    return response.end(JSON.stringify({ [field]: shown }))
  }

  const blob = (request: IncomingMessage, response: ServerResponse, key: string, fault: Fault | undefined) => {
    const bytes = blobs.get(key)
    if (!bytes) return response.writeHead(404).end()
    const from = options.ignoreRange ? undefined : /^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1]
    const body = bytes.subarray(Number(from ?? 0))
    const range = from === undefined ? {} : { 'content-range': `bytes ${from}-${bytes.length - 1}/${bytes.length}` }
    response.writeHead(from === undefined ? 200 : 206, { 'content-length': body.length, ...range })
    if (request.method === 'HEAD') return response.end()
    if (fault?.holdAnswer !== undefined) return response.write(body.subarray(0, fault.holdAnswer))
    if (fault?.cutAnswer === undefined) return response.end(body)
    return response.write(body.subarray(0, fault.cutAnswer), () => response.destroy())
  }

  type Part = { url: URL; name: string; id: string; fault: Fault | undefined }
  const upload = async (request: IncomingMessage, response: ServerResponse, { url, name, id, fault }: Part) => {
    const location = (key: string) => ({ location: `/v2/${name}/blobs/uploads/${key}` })
    if (request.method === 'POST') {
      const mount = url.searchParams.get('mount')
      const source = mount === null ? undefined : blobs.get(`${url.searchParams.get('from')}/${mount}`)
      if (source) {
        blobs.set(`${name}/${mount}`, source)
        return response.writeHead(201, { location: '/' }).end()
      }
      const key = String(++begun)
      uploads.set(key, Buffer.alloc(0))
      const least = options.minChunk === undefined ? {} : { 'oci-chunk-min-length': String(options.minChunk) }
      return response.writeHead(202, { ...location(key), ...least }).end()
    }
    const held = uploads.get(id)
    if (!held) return response.writeHead(404).end()
    if (request.method === 'GET')
      return response.writeHead(204, { ...location(id), range: `0-${Math.max(0, held.length - 1)}` }).end()
    const range = /^(\d+)-\d+$/.exec(request.headers['content-range'] ?? '')
    if (range && Number(range[1]) !== held.length) return response.writeHead(416).end()
    const got: Buffer[] = [held]
    let size = 0
    for await (const chunk of request as AsyncIterable<Buffer>) {
      const room = (fault?.cutRequest ?? Number.POSITIVE_INFINITY) - size
      got.push(chunk.subarray(0, room))
      size += chunk.length
      uploads.set(id, Buffer.concat(got))
      if (chunk.length >= room) return request.socket.destroy()
    }
    const now = Buffer.concat(got)
    uploads.set(id, now)
    if (request.method === 'PATCH')
      return response.writeHead(202, { ...location(id), range: `0-${now.length - 1}` }).end()
    const digest = parseDigest(url.searchParams.get('digest') ?? '')
    if (digestOf(now, digest.startsWith('sha512') ? 'sha512' : 'sha256') !== digest)
      return response.writeHead(400).end()
    blobs.set(`${name}/${digest}`, now)
    uploads.delete(id)
    if (fault?.loseAnswer) return request.socket.destroy()
    return response.writeHead(201, { 'docker-content-digest': digest }).end()
  }

  const manifest = async (request: IncomingMessage, response: ServerResponse, name: string, ref: string) => {
    const key = `${name}${ref.includes(':') ? '@' : ':'}${ref}`
    if (request.method === 'DELETE') return response.writeHead(manifests.delete(key) ? 202 : 404).end()
    if (request.method === 'PUT') {
      const bytes = Buffer.concat((await Array.fromAsync(request)) as Buffer[])
      const held = { bytes, type: essence(request.headers['content-type']) }
      const digest = digestOf(bytes, ref.startsWith('sha512:') ? 'sha512' : 'sha256')
      manifests.set(key, held)
      manifests.set(`${name}@${digest}`, held)
      const subject = options.referrersApi ? JSON.parse(bytes.toString()).subject?.digest : undefined
      return response
        .writeHead(201, { 'docker-content-digest': digest, ...(subject ? { 'oci-subject': subject } : {}) })
        .end()
    }
    const held = manifests.get(key)
    if (!held)
      return response.writeHead(404).end('{"errors":[{"code":"MANIFEST_UNKNOWN","message":"no \u001b[31msuch"}]}')
    response.writeHead(200, {
      'content-type': held.type,
      'content-length': held.bytes.length,
      'docker-content-digest': digestOf(held.bytes),
    })
    return response.end(request.method === 'HEAD' ? undefined : held.bytes)
  }

  const referrers = (response: ServerResponse, name: string, digest: string) => {
    if (!options.referrersApi) return response.writeHead(404).end()
    const found = [...manifests].filter(([key, one]) => {
      return key.startsWith(`${name}@`) && JSON.parse(one.bytes.toString()).subject?.digest === digest
    })
    const list = found.map(([, one]) => {
      const { artifactType, annotations } = JSON.parse(one.bytes.toString())
      return { mediaType: one.type, digest: digestOf(one.bytes), size: one.bytes.length, artifactType, annotations }
    })
    response.setHeader('content-type', mediaTypes.ociIndex)
    return response.end(JSON.stringify({ schemaVersion: 2, mediaType: mediaTypes.ociIndex, manifests: list }))
  }

  const server = createServer((request, response) => {
    serve(request, response).catch(() => response.destroy())
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    host,
    blobs,
    manifests,
    uploads,
    log,
    lines: (method?: string) =>
      log.map(one => one.line).filter(line => method === undefined || line.startsWith(`${method} `)),
    close: () => {
      server.closeAllConnections()
      return new Promise<void>(resolve => server.close(() => resolve()))
    },
  }
}
