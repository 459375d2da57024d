import { createHash } from 'node:crypto'
import { sha256 } from './digest.ts'

/** What clients send; Docker's registry serves OCI types only to who names them. */
export const ACCEPT = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.docker.distribution.manifest.v2+json',
  '*/*',
].join(', ')

export type Login = { user: string; password: string }

/** The wire, spoken plainly: what a test wants to say and see, without a client's own habits in between. */
export class Wire {
  readonly url: string
  readonly headers: Record<string, string>

  constructor(url: string, login?: Login) {
    this.url = url
    this.headers = login
      ? { authorization: `Basic ${Buffer.from(`${login.user}:${login.password}`).toString('base64')}` }
      : {}
  }

  request(path: string, init: RequestInit & { headers?: Record<string, string> } = {}): Promise<Response> {
    return fetch(new URL(path, this.url), { ...init, headers: { ...this.headers, ...init.headers } })
  }

  /** The digest of what is served, whatever the caller thinks it should be; undefined where nothing is. */
  async digestOf(path: string): Promise<{ digest: string; size: number } | undefined> {
    const response = await this.request(path, { headers: { accept: ACCEPT } })
    if (response.status === 404) {
      await response.arrayBuffer()
      return undefined
    }
    if (response.status !== 200 || response.body === null) throw await refused(response, path)
    const hash = createHash('sha256')
    let size = 0
    for await (const chunk of response.body) {
      hash.update(chunk)
      size += chunk.length
    }
    return { digest: `sha256:${hash.digest('hex')}`, size }
  }

  async pushBlob(repository: string, bytes: Uint8Array, digest = sha256(bytes)): Promise<string> {
    const opened = await this.request(`/v2/${repository}/blobs/uploads/`, { method: 'POST' })
    await opened.arrayBuffer()
    const location = opened.headers.get('location')
    if (opened.status !== 202 || location === null) throw await refused(opened, 'POST blobs/uploads')
    const to = new URL(location, this.url)
    to.searchParams.set('digest', digest)
    const headers = { 'content-type': 'application/octet-stream' }
    const done = await this.request(`${to.pathname}${to.search}`, { method: 'PUT', body: Buffer.from(bytes), headers })
    if (done.status !== 201) throw await refused(done, `PUT blob ${digest}`)
    await done.arrayBuffer()
    return digest
  }

  async putManifest(
    repository: string,
    reference: string,
    manifest: object,
  ): Promise<{ digest: string; body: string }> {
    const body = JSON.stringify(manifest)
    const type = 'mediaType' in manifest ? `${manifest.mediaType}` : 'application/vnd.oci.image.manifest.v1+json'
    const path = `/v2/${repository}/manifests/${reference}`
    const response = await this.request(path, { method: 'PUT', body, headers: { 'content-type': type } })
    if (response.status !== 201) throw await refused(response, `PUT ${path}`)
    await response.arrayBuffer()
    return { digest: sha256(body), body }
  }

  async tags(repository: string): Promise<string[]> {
    const response = await this.request(`/v2/${repository}/tags/list`)
    if (response.status !== 200) throw await refused(response, 'tags/list')
    const page: { tags: string[] } = JSON.parse(await response.text())
    return page.tags
  }
}

/** What was answered instead, with its body: `status` is kept for who wants to decide by it. */
export class Refused extends Error {
  readonly status: number
  constructor(status: number, words: string) {
    super(words)
    this.status = status
  }
}

export async function refused(response: Response, what: string): Promise<Refused> {
  const body = response.bodyUsed ? '' : await response.text()
  return new Refused(response.status, `${what}: ${response.status} ${body.slice(0, 500)}`)
}
