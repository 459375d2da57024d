import assert from 'node:assert/strict'
import { symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { makeToken } from './support/api-token.ts'
import type { Login } from './support/client.ts'
import { type ContainerTool, containerTool } from './support/containers.ts'
import { debianImage, type Image } from './support/image.ts'
import { type Registry, startRegistry } from './support/registry.ts'
import { assertServed } from './support/whole.ts'

// A token's scope map, as the clients that people use meet it: inside it all works, outside nothing does.

let registry: Registry
let image: Image
let login: Login
let skopeo: ContainerTool
let podman: ContainerTool
const plain = '--tls-verify=false'
const at = (path: string) => `docker://${registry.host}/${path}`

before(async () => {
  image = await debianImage()
  registry = await startRegistry()
  const admin = containerTool('skopeo', registry.host, registry.login)
  for (const name of ['team/read', 'other/app']) {
    await admin(
      'copy',
      '--all',
      '--preserve-digests',
      '--dest-tls-verify=false',
      `oci:${image.layout}:v1`,
      at(`${name}:v1`),
    )
  }
  admin.close()
  login = await makeToken(registry, 'robot', [
    'repositories/team/read/content/read',
    'repositories/team/write/*/content/read',
    'repositories/team/write/*/content/write',
  ])
  skopeo = containerTool('skopeo', registry.host, login)
  podman = containerTool('podman', registry.host, login)
  symlinkSync(image.layout, join(podman.dir, 'layout'))
})
after(async () => {
  skopeo?.close()
  podman?.close()
  await registry?.stop()
})

const DENIED = /denied|unauthorized|authentication required|invalid username\/password|403 \(Forbidden\)/i

test('skopeo pulls and pushes what the scope map allows', async () => {
  const flags = ['--all', '--preserve-digests', '--src-tls-verify=false', '--dest-tls-verify=false']
  await skopeo('copy', ...flags, at('team/read:v1'), `dir:${join(skopeo.dir, 'pulled')}`)
  // A repository that was not there when the map was made.
  await skopeo('copy', ...flags, at('team/read:v1'), at('team/write/new:v1'))
  await assertServed(registry.wire, 'team/write/new', 'v1', image)
  assert.deepEqual(JSON.parse(await skopeo('list-tags', plain, at('team/write/new'))).Tags, ['v1'])
})

test('skopeo is refused what it does not allow: other repositories, pushes where it reads, deletions', async () => {
  const to = `dir:${join(skopeo.dir, 'refused')}`
  await assert.rejects(skopeo('copy', '--src-tls-verify=false', at('other/app:v1'), to), DENIED)
  const push = ['copy', '--dest-tls-verify=false', `oci:${image.layout}:v1`]
  await assert.rejects(skopeo(...push, at('team/read:v2')), DENIED)
  await assert.rejects(skopeo(...push, at('team/write:v1')), DENIED, 'the name itself is not below itself')
  await assert.rejects(skopeo('delete', plain, at('team/write/new:v1')), DENIED)
  await assert.rejects(skopeo('list-tags', plain, at('other/app')), DENIED)
  assert.deepEqual(await registry.wire.tags('team/read'), ['v1'])
})

test('podman signs in with the token, pulls and pushes inside, and is refused outside', async () => {
  await podman('login', plain, '-u', login.user, '-p', login.password, registry.host)
  const id = (await podman('pull', '-q', plain, '--arch', 'amd64', `${registry.host}/team/read:v1`)).trim()
  assert.equal(id, image.platforms.amd64.config.slice(7))
  await podman('push', '-q', plain, id, at('team/write/podman:v1'))
  assert.deepEqual(await registry.wire.tags('team/write/podman'), ['v1'])
  await assert.rejects(podman('push', '-q', plain, id, at('team/read:v2')), DENIED)
  await assert.rejects(podman('pull', '-q', plain, `${registry.host}/other/app:v1`), DENIED)
  const wrong = podman('login', plain, '-u', login.user, '-p', 'wrong', registry.host)
  await assert.rejects(wrong, DENIED)
})

test('on the wire: 200 and 201 inside, 401 and 403 with the standard body outside', async () => {
  const basic = { authorization: `Basic ${Buffer.from(`${login.user}:${login.password}`).toString('base64')}` }
  const call = async (method: string, path: string, headers: Record<string, string> = {}) => {
    const response = await fetch(`${registry.wire.url}${path}`, { method, headers })
    const text = await response.text()
    return { status: response.status, text, challenge: response.headers.get('www-authenticate') ?? '' }
  }
  const bearer = async (scope: string) => {
    const { text } = await call('GET', `/oauth2/token?service=${registry.host}&scope=${scope}`, basic)
    return { authorization: `Bearer ${JSON.parse(text).access_token}` }
  }
  const manifest = '/v2/team/read/manifests/v1'
  const token = await bearer('repository:team/read:pull,push&scope=repository:team/write/x:pull,push')
  assert.equal((await call('GET', manifest, { ...token, accept: '*/*' })).status, 200)
  const upload = await call('POST', '/v2/team/write/x/blobs/uploads/', token)
  assert.equal(upload.status, 202)

  const outside: [string, string, Record<string, string>, number, string][] = [
    ['GET', manifest, {}, 401, 'UNAUTHORIZED'],
    ['GET', manifest, await bearer('repository:team/write/x:pull'), 401, 'UNAUTHORIZED'],
    ['POST', '/v2/team/read/blobs/uploads/', token, 403, 'DENIED'],
    ['GET', '/v2/other/app/manifests/v1', token, 403, 'DENIED'],
    ['GET', '/v2/other/app/manifests/v1', basic, 403, 'DENIED'],
    ['DELETE', '/v2/team/write/new/manifests/v1', token, 403, 'DENIED'],
    ['GET', '/v2/_catalog', token, 403, 'DENIED'],
    ['GET', '/v2/_catalog', basic, 403, 'DENIED'],
  ]
  for (const [method, path, headers, status, code] of outside) {
    const answer = await call(method, path, headers)
    const [error] = JSON.parse(answer.text).errors
    assert.deepEqual([answer.status, error.code], [status, code], `${method} ${path}`)
    assert.ok(error.message && error.detail)
    if (status !== 401) continue
    for (const part of ['realm', 'service', 'scope']) assert.match(answer.challenge, new RegExp(`${part}="[^"]+"`))
    assert.deepEqual(error.detail, [{ Type: 'repository', Name: 'team/read', Action: 'pull' }])
  }
})
