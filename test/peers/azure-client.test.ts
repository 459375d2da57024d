import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { request } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { after, before, test } from 'node:test'
import { type Platform, startPlatform } from '../support/platform.ts'
import { runSample } from './support/azure-samples.ts'
import { OCI, sha256 } from './support/digest.ts'
import { npmPeer } from './support/npm-peer.ts'
import { run, until } from './support/process.ts'

// Azure's own clients for ACR, over TLS with a certificate authority of this test: the one for content asks /v2/, the
// one that lists repositories, tags and manifests asks ACR's metadata API at /acr/v1/.

type ContentClient = {
  getManifest(reference: string): Promise<{ digest: string; manifest: { config: { digest: string } } }>
  downloadBlob(digest: string): Promise<{ digest: string; content: NodeJS.ReadableStream }>
  uploadBlob(bytes: Buffer): Promise<{ digest: string }>
}
type Credential = { getToken(): Promise<{ token: string; expiresOnTimestamp: number }> }
type Options = { tlsOptions: { ca: string }; retryOptions: { maxRetries: number } }
type Rights = { canWrite?: boolean; canList?: boolean; canDelete?: boolean }
type Times = { createdOn: Date; lastUpdatedOn: Date }
type TagProperties = Times & { name: string; digest: string; repositoryName: string; canWrite: boolean }
type ManifestProperties = Times & {
  digest: string
  registryLoginServer: string
  sizeInBytes: number
  architecture?: string
  operatingSystem?: string
  tags: string[]
  relatedArtifacts: { digest: string; architecture?: string; operatingSystem?: string }[]
  canDelete: boolean
}
type Order = { order?: 'LastUpdatedOnAscending' | 'LastUpdatedOnDescending' }
type Paged<T> = AsyncIterable<T> & { byPage(settings: { maxPageSize: number }): AsyncIterable<T[]> }
type RegistryClient = {
  listRepositoryNames(): Paged<string>
  getRepository(name: string): {
    getProperties(): Promise<Times & { name: string; manifestCount: number; tagCount: number; canRead: boolean }>
    listManifestProperties(options?: Order): Paged<ManifestProperties>
    updateProperties(rights: Rights): Promise<Rights>
    delete(): Promise<unknown>
  }
  getArtifact(
    repository: string,
    reference: string,
  ): {
    getManifestProperties(): Promise<ManifestProperties>
    getTagProperties(tag: string): Promise<TagProperties>
    listTagProperties(options?: Order): Paged<TagProperties>
    deleteTag(tag: string): Promise<void>
    updateTagProperties(tag: string, rights: Rights): Promise<Rights>
    updateManifestProperties(rights: Rights): Promise<Rights>
  }
}
type Azure = {
  ContainerRegistryClient: {
    new (endpoint: string, credential: Credential, options: Options): RegistryClient
    new (endpoint: string, options: Options): RegistryClient
  }
  ContainerRegistryContentClient: {
    new (endpoint: string, repository: string, credential: Credential | undefined, options: Options): ContentClient
  }
}

let platform: Platform
let azure: Azure
let dir: string
let ca: string
let endpoint: string
const CONFIG = Buffer.from('{"cargo":"timber","architecture":"arm64","os":"linux"}')
const MANIFEST = JSON.stringify({
  schemaVersion: 2,
  mediaType: OCI.manifest,
  config: { mediaType: OCI.config, digest: sha256(CONFIG), size: CONFIG.length },
  layers: [],
})

const INDEX = JSON.stringify({
  schemaVersion: 2,
  mediaType: OCI.index,
  manifests: [
    {
      mediaType: OCI.manifest,
      digest: sha256(MANIFEST),
      size: MANIFEST.length,
      platform: { architecture: 'arm64', os: 'linux' },
    },
  ],
})

before(async () => {
  azure = await import(await npmPeer('@azure/container-registry', '1.1.2', 'dist/esm/index.js'))
  dir = mkdtempSync(join(tmpdir(), 'towpath-tls-'))
  await certificates()
  ca = readFileSync(join(dir, 'ca.pem'), 'utf8')
  const tls = { TOWPATH_TLS_CERTIFICATE: join(dir, 'leaf.pem'), TOWPATH_TLS_KEY: join(dir, 'leaf.key') }
  platform = await startPlatform({ env: tls })
  endpoint = `https://${platform.registry}`
  for (const repository of ['team/app', 'other/app']) {
    const blob = `/v2/${repository}/blobs/uploads/?digest=${sha256(CONFIG)}`
    assert.equal((await call('POST', endpoint + blob, { body: CONFIG, type: 'application/octet-stream' })).status, 201)
    const put = await call('PUT', `${endpoint}/v2/${repository}/manifests/v1`, { body: MANIFEST, type: OCI.manifest })
    assert.equal(put.status, 201)
  }
})
after(async () => {
  await platform?.stop()
  if (dir) rmSync(dir, { recursive: true, force: true })
})

/** An authority and a certificate of it for 127.0.0.1, as a company would have them. */
async function certificates(): Promise<void> {
  const openssl = (...args: string[]) => run('openssl', args, { cwd: dir })
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes']
  await openssl('req', '-x509', ...key, '-keyout', 'ca.key', '-out', 'ca.pem', '-days', '2', '-subj', '/CN=Test CA')
  await openssl('req', ...key, '-keyout', 'leaf.key', '-out', 'leaf.csr', '-subj', '/CN=registry')
  writeFileSync(join(dir, 'leaf.ext'), 'subjectAltName=IP:127.0.0.1\nbasicConstraints=CA:FALSE\n')
  const by = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-days', '2', '-extfile', 'leaf.ext']
  await openssl('x509', '-req', '-in', 'leaf.csr', '-out', 'leaf.pem', ...by)
}

type Asked = { body?: string | Buffer; type?: string; authorization?: string }

/** As the admin where nothing else is said. */
function call(method: string, url: string, { body, type, authorization }: Asked = {}) {
  return new Promise<{ status: number; text: string }>((resolve, reject) => {
    const admin = `Basic ${Buffer.from(`admin:${platform.adminPassword}`).toString('base64')}`
    const headers = { authorization: authorization ?? admin, ...(type ? { 'content-type': type } : {}) }
    const sent = request(url, { method, ca, agent: false, headers }, async response => {
      resolve({ status: response.statusCode ?? 0, text: (await buffer(response)).toString() })
    })
    sent.once('error', reject)
    sent.end(body)
  })
}

const api = async (method: string, path: string, body: object) => {
  const url = new URL(path, platform.control.replace('http:', 'https:')).href
  const answer = await call(method, url, { body: JSON.stringify(body), type: 'application/json' })
  assert.ok(answer.status < 300, answer.text)
  return JSON.parse(answer.text)
}
const options = () => ({ tlsOptions: { ca }, retryOptions: { maxRetries: 0 } })

/** What an application puts in the place of Azure's own sign-in: a name and a password. */
async function signsIn(username: string, password: string): Promise<Credential> {
  const form = new URLSearchParams({
    ...{ grant_type: 'password', access_type: 'offline', service: platform.registry },
    ...{ username, password },
  })
  const signIn = () =>
    call('POST', `${endpoint}/oauth2/token`, { body: `${form}`, type: 'application/x-www-form-urlencoded' })
  await until('the token', async () => (await signIn()).status === 200, { timeoutMs: 10_000 })
  return {
    async getToken() {
      const token: string = JSON.parse((await signIn()).text).refresh_token
      return { token, expiresOnTimestamp: Date.now() + 3600_000 }
    },
  }
}

async function readsAll(client: ContentClient): Promise<void> {
  const got = await client.getManifest('v1')
  assert.equal(got.digest, sha256(MANIFEST))
  const { content } = await client.downloadBlob(got.manifest.config.digest)
  assert.deepEqual(await buffer(content), CONFIG)
}
const status = (code: number) => (error: { statusCode?: number }) => error.statusCode === code

test('it signs in with a token, reads a manifest and a blob, pushes one, and gets no more than the token may', async () => {
  const actions = ['repositories/team/app/content/read', 'repositories/team/app/content/write']
  const made = await api('POST', '/api/v1/registries/default/tokens', { name: 'robot', actions })
  const credential = await signsIn('robot', made.passwords[0].value)
  const { ContainerRegistryContentClient: Client } = azure
  const own = new Client(endpoint, 'team/app', credential, options())
  await readsAll(own)
  const bytes = Buffer.from('more cargo')
  assert.equal((await own.uploadBlob(bytes)).digest, sha256(bytes))
  const other = new Client(endpoint, 'other/app', credential, options())
  await assert.rejects(other.getManifest('v1'), status(403))
  const stranger: Credential = {
    getToken: async () => ({ token: 'e30.e30.e30', expiresOnTimestamp: Date.now() + 3600_000 }),
  }
  await assert.rejects(new Client(endpoint, 'team/app', stranger, options()).getManifest('v1'), /sign-in service/)
})

/** Three tags on the manifest, then an index with one of its own. */
async function fillDeck(): Promise<void> {
  const put = async (path: string, body: string | Buffer, type: string, method = 'PUT') =>
    assert.equal((await call(method, `${endpoint}/v2/team/deck/${path}`, { body, type })).status, 201)
  await put(`blobs/uploads/?digest=${sha256(CONFIG)}`, CONFIG, 'application/octet-stream', 'POST')
  for (const tag of ['v1', 'v2', 'v3']) await put(`manifests/${tag}`, MANIFEST, OCI.manifest)
  await put('manifests/all', INDEX, OCI.index)
}

async function readsMetadata(client: RegistryClient): Promise<void> {
  const repository = client.getRepository('team/deck')
  const { manifestCount, tagCount, canRead, createdOn } = await repository.getProperties()
  assert.deepEqual([manifestCount, tagCount, canRead, createdOn instanceof Date], [2, 4, true, true])
  const artifact = client.getArtifact('team/deck', 'v1')
  const manifest = await artifact.getManifestProperties()
  assert.equal(manifest.digest, sha256(MANIFEST))
  assert.equal(manifest.registryLoginServer, platform.registry)
  assert.deepEqual([manifest.architecture, manifest.operatingSystem], ['arm64', 'linux'])
  assert.deepEqual([manifest.sizeInBytes, manifest.canDelete], [CONFIG.length, true])
  assert.deepEqual(manifest.tags, ['v1', 'v2', 'v3'])
  const index = await client.getArtifact('team/deck', sha256(INDEX)).getManifestProperties()
  assert.deepEqual([index.architecture, index.operatingSystem], [undefined, undefined])
  assert.deepEqual(index.relatedArtifacts, [
    { digest: sha256(MANIFEST), architecture: 'arm64', operatingSystem: 'linux' },
  ])
  const tag = await artifact.getTagProperties('v2')
  assert.deepEqual([tag.digest, tag.repositoryName, tag.canWrite], [sha256(MANIFEST), 'team/deck', true])
  const names = async (options?: Order) =>
    (await Array.fromAsync(artifact.listTagProperties(options))).map(one => one.name)
  assert.deepEqual(await names(), ['all', 'v1', 'v2', 'v3'])
  assert.deepEqual(await names({ order: 'LastUpdatedOnAscending' }), ['v1', 'v2', 'v3', 'all'])
  const newest = artifact.listTagProperties({ order: 'LastUpdatedOnDescending' }).byPage({ maxPageSize: 1 })
  const pages = (await Array.fromAsync(newest)).map(page => page.map(one => one.name))
  assert.deepEqual(pages, [['all'], ['v3'], ['v2'], ['v1']])
  for (const order of ['LastUpdatedOnAscending', 'LastUpdatedOnDescending'] as const) {
    const listed = repository.listManifestProperties({ order }).byPage({ maxPageSize: 1 })
    const digests = (await Array.fromAsync(listed)).map(page => page.map(one => one.digest))
    const oldest = [[sha256(MANIFEST)], [sha256(INDEX)]]
    assert.deepEqual(digests, order === 'LastUpdatedOnAscending' ? oldest : oldest.toReversed())
  }
}

test('its registry client lists and reads with a token that may read metadata, and the catalog as the admin', async () => {
  await fillDeck()
  const made = await api('POST', '/api/v1/registries/default/tokens', {
    ...{ name: 'looker', actions: ['repositories/team/deck/metadata/read'] },
  })
  const { ContainerRegistryClient: Client } = azure
  const looker = new Client(endpoint, await signsIn('looker', made.passwords[0].value), options())
  await readsMetadata(looker)
  await assert.rejects(looker.getRepository('team/app').getProperties(), status(403))
  await assert.rejects(Array.fromAsync(looker.listRepositoryNames()), status(403))
  await assert.rejects(looker.getArtifact('team/deck', 'none').getManifestProperties(), status(404))
  const admin = new Client(endpoint, await signsIn('admin', platform.adminPassword), options())
  const pages = await Array.fromAsync(admin.listRepositoryNames().byPage({ maxPageSize: 2 }))
  assert.deepEqual(
    pages.map(page => [...page]),
    [['other/app', 'team/app'], ['team/deck']],
  )
  await assert.rejects(looker.getArtifact('team/deck', 'v1').deleteTag('v1'), status(403))
})

test('it reads anonymously where the registry allows that, and is refused where it does not', async () => {
  const client = new azure.ContainerRegistryContentClient(endpoint, 'team/app', undefined, options())
  await assert.rejects(client.getManifest('v1'), status(401))
  await api('PATCH', '/api/v1/registries/default', { anonymousPull: true })
  await until(
    'anonymous pull',
    async () => {
      const found = client.getManifest('v1').then(() => true)
      return found.catch(() => false)
    },
    { timeoutMs: 10_000 },
  )
  await readsAll(client)
  await assert.rejects(client.uploadBlob(Buffer.from('x')), status(401))
})

test('its registry client reads anonymously where anybody may pull, but does not list the repositories', async () => {
  // The test before this one turned that on.
  const client = new azure.ContainerRegistryClient(endpoint, options())
  await readsMetadata(client)
  await assert.rejects(Array.fromAsync(client.listRepositoryNames()), status(401))
})

const HELLO = 'library/hello-world'
const acr = async (method: string, path: string, body?: object) => {
  const sent = body ? { body: JSON.stringify(body), type: 'application/json' } : {}
  return call(method, `${endpoint}/acr/v1/${path}`, sent)
}

async function samples() {
  const peer = join(await npmPeer('@azure/container-registry', '1.1.2', 'dist/esm/index.js'), '../../../../../..')
  const place = { peer, dir: mkdtempSync(join(dir, 'samples-')), endpoint, ca: join(dir, 'ca.pem') }
  const sample = (name: string) =>
    runSample(`SampleReadme${name}`, { ...place, username: 'admin', password: platform.adminPassword })
  return { sample, files: place.dir }
}

async function tagDemo(tag: string): Promise<void> {
  const { text } = await call('GET', `${endpoint}/v2/${HELLO}/manifests/demo`)
  const put = await call('PUT', `${endpoint}/v2/${HELLO}/manifests/${tag}`, { body: text, type: OCI.manifest })
  assert.equal(put.status, 201, put.text)
}

test('its samples upload, download and list, set properties that hold, and delete', async () => {
  const { sample, files } = await samples()
  await sample('UploadImages')
  await sample('DownloadImages')
  const manifest = JSON.parse(readFileSync(join(files, 'manifest.json'), 'utf8'))
  assert.equal(readFileSync(join(files, 'config.json'), 'utf8'), 'Sample config')
  const [, hex] = manifest.layers[0].digest.split(':')
  assert.equal(readFileSync(join(files, `:${hex}`), 'utf8'), 'Sample layer')
  for (const tag of ['latest', 'v1']) await tagDemo(tag)
  assert.match(await sample('ListRepositories'), /^ {2}repository: library\/hello-world$/m)
  // Two tests before this one anybody was let in.
  assert.match(await sample('ListTagsAnonymous'), /hello-world:demo\n.*hello-world:latest\n.*hello-world:v1\n/)

  await sample('SetArtifactProperties')
  const { tag } = JSON.parse((await acr('GET', `${HELLO}/_tags/latest`)).text)
  assert.deepEqual(tag.changeableAttributes, {
    ...{ deleteEnabled: false, writeEnabled: false, readEnabled: true, listEnabled: true },
  })
  const moved = await call('PUT', `${endpoint}/v2/${HELLO}/manifests/latest`, { body: INDEX, type: OCI.index })
  assert.ok(moved.status >= 400)
  await assert.rejects(sample('DeleteManifest'), /REGISTRY_DISALLOWED_OPERATION/)
  // Other than ACR this registry keeps a layer while a manifest needs it.
  await assert.rejects(sample('DeleteBlob'), /can't be deleted alone/)
  assert.equal((await acr('PATCH', `${HELLO}/_tags/latest`, { writeEnabled: true, deleteEnabled: true })).status, 200)
  await sample('DeleteManifest')
  assert.equal((await acr('GET', `${HELLO}/_tags/latest`)).status, 404)
  assert.equal((await acr('DELETE', HELLO)).status, 202)
})

test('its sample that keeps the three newest images of each repository leaves three', async () => {
  const { sample } = await samples()
  await sample('UploadImages')
  const { text } = await call('GET', `${endpoint}/v2/${HELLO}/manifests/demo`)
  for (const note of ['a', 'b', 'c', 'd']) {
    const body = JSON.stringify({ ...JSON.parse(text), annotations: { note } })
    const put = await call('PUT', `${endpoint}/v2/${HELLO}/manifests/${note}`, { body, type: OCI.manifest })
    assert.equal(put.status, 201, put.text)
  }
  assert.match(await sample('DeleteImages'), /hello-world:demo\n/)
  const { manifests } = JSON.parse((await acr('GET', `${HELLO}/_manifests?orderby=timedesc`)).text)
  const names = manifests.map((one: { tags: string[] }) => one.tags.join())
  assert.deepEqual(names, ['d', 'c', 'b'])
})

test('its registry client sets properties of all three kinds and deletes a repository', async () => {
  await fillDeck()
  const admin = new azure.ContainerRegistryClient(endpoint, await signsIn('admin', platform.adminPassword), options())
  const artifact = admin.getArtifact('team/deck', 'v1')
  const repository = admin.getRepository('team/deck')
  const off = { canWrite: false, canList: false }
  assert.deepEqual(pick(await artifact.updateTagProperties('v1', off)), off)
  assert.deepEqual(pick(await artifact.updateManifestProperties({ canDelete: false })), {
    canWrite: true,
    canList: true,
  })
  assert.deepEqual(pick(await repository.updateProperties(off)), off)
  await assert.rejects(repository.delete(), status(405))
  const on = { canWrite: true, canList: true, canDelete: true }
  await artifact.updateTagProperties('v1', on)
  await artifact.updateManifestProperties(on)
  await repository.updateProperties(on)
  await artifact.deleteTag('v2')
  await assert.rejects(artifact.getTagProperties('v2'), status(404))
  await repository.delete()
  await assert.rejects(repository.getProperties(), status(404))
})

const pick = ({ canWrite, canList }: Rights) => ({ canWrite, canList })
