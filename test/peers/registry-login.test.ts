import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { type ContainerTool, containerTool } from './support/containers.ts'
import { OCI, sha256 } from './support/digest.ts'
import { run, until } from './support/process.ts'
import { type Registry, startRegistry } from './support/registry.ts'

// What `towpath registry login` writes, as skopeo and podman read it: a program with AcrPull pulls and does not push.

const PROGRAM = fileURLToPath(new URL('../../bin/towpath.mjs', import.meta.url))
const DENIED = /denied|unauthorized|authentication required|403 \(Forbidden\)/i
const HOME = '/api/v1/tenants/ten_default'
const plain = '--tls-verify=false'

let registry: Registry
let skopeo: ContainerTool
let podman: ContainerTool
let image: string
let program: { id: string; secret: string }
let assignment: string

async function api<T>(path: string, body: unknown, method = 'POST'): Promise<T> {
  const { user, password } = registry.login
  const answer = await fetch(new URL(path, registry.controlUrl), {
    method,
    headers: { authorization: `Basic ${btoa(`${user}:${password}`)}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  assert.ok(answer.ok, `${method} ${path}: ${answer.status}`)
  return (answer.status === 204 ? undefined : await answer.json()) as T
}

/** The command line in the home of a container tool, whose files it then finds. */
function towpath(tool: ContainerTool, ...args: string[]): Promise<string> {
  const env = {
    ...process.env,
    ...{ HOME: tool.dir, XDG_RUNTIME_DIR: tool.dir, REGISTRY_AUTH_FILE: '', DOCKER_CONFIG: '' },
    ...{ TOWPATH_SERVER: registry.controlUrl, TOWPATH_USERNAME: program.id, TOWPATH_PASSWORD: program.secret },
  }
  return run(process.execPath, [PROGRAM, ...args], { env, cwd: tool.dir })
}

before(async () => {
  registry = await startRegistry()
  // The smallest image that podman takes: one layer, an empty archive.
  const tar = Buffer.alloc(1024)
  const layer = gzipSync(tar)
  const rootfs = { type: 'layers', diff_ids: [sha256(tar)] }
  const config = Buffer.from(JSON.stringify({ architecture: 'amd64', os: 'linux', config: {}, rootfs }))
  for (const blob of [layer, config]) await registry.wire.pushBlob('team/app', blob)
  await registry.wire.putManifest('team/app', 'v1', {
    ...{ schemaVersion: 2, mediaType: OCI.manifest },
    config: { mediaType: OCI.config, digest: sha256(config), size: config.length },
    layers: [{ mediaType: OCI.layerGzip, digest: sha256(layer), size: layer.length }],
  })
  image = sha256(config).slice('sha256:'.length)
  const made = await api<{ id: string }>(`${HOME}/principals`, { kind: 'service', name: 'puller' })
  const group = await api<{ id: string }>(`${HOME}/principals`, { kind: 'group', name: 'pullers' })
  await api(`${HOME}/principals/${group.id}/members/${made.id}`, undefined, 'PUT')
  const role = { principalId: group.id, roleId: 'rol_acr_pull', scope: '/tenants/ten_default' }
  assignment = (await api<{ id: string }>(`${HOME}/assignments`, role)).id
  const { secret } = await api<{ secret: string }>(`${HOME}/principals/${made.id}/secrets`, {})
  program = { id: made.id, secret }
  skopeo = containerTool('skopeo', registry.host)
  podman = containerTool('podman', registry.host)
})
after(async () => {
  skopeo?.close()
  podman?.close()
  await registry?.stop()
})

const at = (path: string) => `docker://${registry.host}/${path}`

test('skopeo pulls with what login wrote, may not push, and after logout is nobody', async () => {
  await assert.rejects(skopeo('inspect', plain, at('team/app:v1')), DENIED)
  await towpath(skopeo, 'registry', 'login', '--endpoint', 'global')
  const pulled = `dir:${join(skopeo.dir, 'pulled')}`
  await until(
    'the role is heard',
    () =>
      skopeo('copy', '--src-tls-verify=false', at('team/app:v1'), pulled).then(
        () => true,
        () => false,
      ),
    { timeoutMs: 10_000 },
  )
  assert.deepEqual(JSON.parse(await skopeo('list-tags', plain, at('team/app'))).Tags, ['v1'])
  await assert.rejects(skopeo('copy', '--dest-tls-verify=false', pulled, at('team/mine:v1')), DENIED)
  await towpath(skopeo, 'registry', 'logout', registry.host)
  await assert.rejects(skopeo('inspect', plain, at('team/app:v1')), DENIED)
})

test('podman pulls with it too, by a client id and secret as well, and is refused once the role is gone', async () => {
  await towpath(podman, 'registry', 'login')
  const name = `${registry.host}/team/app:v1`
  assert.equal((await podman('pull', '-q', plain, name)).trim(), image)
  await assert.rejects(podman('push', '-q', plain, name, `${registry.host}/team/mine:v1`), DENIED)
  await podman('rmi', '--all', '--force')
  await podman('logout', registry.host)
  await podman('login', plain, '-u', program.id, '-p', program.secret, registry.host)
  assert.equal((await podman('pull', '-q', plain, name)).trim(), image)
  await podman('rmi', '--all', '--force')
  await api(`${HOME}/assignments/${assignment}`, undefined, 'DELETE')
  const gone = () =>
    podman('pull', '-q', plain, name).then(
      () => false,
      error => DENIED.test(String(error)),
    )
  await until('the role is gone', gone, { timeoutMs: 10_000 })
})
