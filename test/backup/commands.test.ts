import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { type Platform, startPlatform } from '../support/platform.ts'
import { folder, sha256 } from './platform.fixture.ts'

const PROGRAM = fileURLToPath(new URL('../../bin/towpath.mjs', import.meta.url))
const MANIFEST = 'application/vnd.oci.image.manifest.v1+json'

function towpath(args: string[], env: Record<string, string>): Promise<{ code: number | null; stderr: string }> {
  const child = spawn(process.execPath, [PROGRAM, ...args], { env, stdio: ['ignore', 'inherit', 'pipe'] })
  let stderr = ''
  child.stderr.on('data', chunk => {
    stderr += chunk
  })
  return new Promise(done => child.once('close', code => done({ code, stderr })))
}

function client(platform: Platform) {
  const authorization = `Basic ${Buffer.from(`admin:${platform.adminPassword}`).toString('base64')}`
  const send = async (method: string, path: string, type?: string, body?: Uint8Array<ArrayBuffer>) => {
    const headers = { authorization, ...(type === undefined ? {} : { 'content-type': type }) }
    const answer = await fetch(`http://${platform.registry}/v2/${path}`, { method, headers, ...(body ? { body } : {}) })
    return { status: answer.status, bytes: new Uint8Array(await answer.arrayBuffer()) }
  }
  const blob = async (bytes: Uint8Array<ArrayBuffer>) => {
    const { status } = await send(
      'POST',
      `a/b/blobs/uploads/?digest=${sha256(bytes)}`,
      'application/octet-stream',
      bytes,
    )
    assert.equal(status, 201)
    return { digest: sha256(bytes) as string, size: bytes.length }
  }
  return {
    async push(tag: string): Promise<void> {
      const config = {
        mediaType: 'application/vnd.oci.image.config.v1+json',
        ...(await blob(new Uint8Array(randomBytes(100)))),
      }
      const layer = {
        mediaType: 'application/vnd.oci.image.layer.v1.tar',
        ...(await blob(new Uint8Array(randomBytes(100_000)))),
      }
      const bytes = new TextEncoder().encode(
        JSON.stringify({ schemaVersion: 2, mediaType: MANIFEST, config, layers: [layer] }),
      )
      assert.equal((await send('PUT', `a/b/manifests/${tag}`, MANIFEST, bytes)).status, 201)
    },
    async tags(): Promise<string[]> {
      return (JSON.parse(Buffer.from((await send('GET', 'a/b/tags/list')).bytes).toString()) as { tags: string[] }).tags
    },
    async pull(tag: string): Promise<void> {
      const manifest = await send('GET', `a/b/manifests/${tag}`)
      assert.equal(manifest.status, 200, tag)
      const { config, layers } = JSON.parse(Buffer.from(manifest.bytes).toString()) as {
        config: { digest: string }
        layers: { digest: string }[]
      }
      for (const { digest } of [config, ...layers]) {
        const { status, bytes } = await send('GET', `a/b/blobs/${digest}`)
        assert.deepEqual([status, sha256(bytes)], [200, digest])
      }
    },
  }
}

test('towpath backup beside a running platform, towpath restore into a new home, towpath up on it', async t => {
  const dir = folder(t)
  const first = await startPlatform({ env: { TOWPATH_REGIONS_0_NODES: '1' } })
  let stopped = false
  t.after(async () => {
    if (!stopped) await first.stop()
  })
  const one = client(first)
  for (const tag of ['v1', 'v2', 'v3']) await one.push(tag)
  let going = true
  const pushing = (async () => {
    for (let i = 0; going; i += 1) await one.push(`during-${i}`)
  })()
  const to = join(dir, 'backup')
  const backup = await towpath(['backup', '--to', to], first.env)
  going = false
  await pushing
  assert.equal(backup.code, 0, backup.stderr)
  assert.match(backup.stderr, /Done: bak_\w+ in .*\n$/)
  assert.equal((await towpath(['backup', '--to', to], first.env)).code, 5, 'the folder is taken')
  stopped = true
  await first.stop()

  const home = join(dir, 'new')
  const env = { ...first.env, TOWPATH_HOME: home }
  const restored = await towpath(['restore', '--from', to], env)
  assert.equal(restored.code, 0, restored.stderr)
  assert.ok(!existsSync(join(home, 'secrets')), 'secrets are made by the next start')
  // Another first password changes nothing: the admin came with the backup.
  const password = first.adminPassword
  const second = await startPlatform({
    env: { TOWPATH_REGIONS_0_NODES: '1', TOWPATH_HOME: home, TOWPATH_ADMIN_PASSWORD: 'another' },
  })
  t.after(() => second.stop())
  const two = client({ ...second, adminPassword: password })
  const tags = await two.tags()
  for (const tag of ['v1', 'v2', 'v3']) assert.ok(tags.includes(tag), tag)
  for (const tag of tags) await two.pull(tag)
  await two.push('after')
  await two.pull('after')
})
