import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { Refused } from './support/client.ts'
import { sha256 } from './support/digest.ts'
import { run, until } from './support/process.ts'
import { startRegistry } from './support/registry.ts'

const MIB = 1024 * 1024

test('a full disk refuses pushes with 507, serves and deletes, and takes pushes again when there is room', async t => {
  const disk = mkdtempSync(join(tmpdir(), 'towpath-disk-'))
  await run('mount', ['-t', 'tmpfs', '-o', 'size=128m', 'towpath-test', disk])
  t.after(async () => {
    await run('umount', ['--lazy', disk])
    rmSync(disk, { recursive: true })
  })
  const limits = { reserveBytes: '24 MiB', reclaimDelay: '1 s', uploadIdle: '2 s' }
  const registry = await startRegistry('sqlite+files', { limits, home: join(disk, 'home') })
  t.after(() => registry.stop())
  const { wire } = registry

  const held: { digest: string; manifest: string }[] = []
  const push = async () => {
    const digest = await wire.pushBlob('full/disk', randomBytes(8 * MIB))
    const layer = { mediaType: 'application/octet-stream', digest, size: 8 * MIB }
    const type = 'application/vnd.oci.image.manifest.v1+json'
    const { digest: manifest } = await wire.putManifest('full/disk', `v${held.length}`, {
      schemaVersion: 2,
      mediaType: type,
      config: layer,
      layers: [layer],
    })
    held.push({ digest, manifest })
  }
  const refusal = await (async () => {
    for (let i = 0; i < 20; i++) {
      const failed = await push().then(
        () => undefined,
        (error: unknown) => error,
      )
      if (failed) return failed
    }
    return undefined
  })()
  assert.ok(refusal instanceof Refused, `${held.length} pushes of 8 MiB fit into 128 MiB: ${refusal}`)
  assert.equal(refusal.status, 507, refusal.message)
  assert.match(refusal.message, /disk|room|space/i)
  assert.ok(held.length >= 8, `only ${held.length} pushes fitted`)

  // The rest of the disk too: even with nothing left at all, reads go on.
  const { bavail, bsize } = statfsSync(disk)
  const filler = join(disk, 'filler')
  writeFileSync(filler, Buffer.alloc(Math.max(0, bavail * bsize - 2 * MIB)))
  for (const { digest, manifest } of held) {
    assert.equal((await wire.digestOf(`/v2/full/disk/blobs/${digest}`))?.digest, digest)
    assert.equal((await wire.digestOf(`/v2/full/disk/manifests/${manifest}`))?.digest, manifest)
  }
  assert.equal((await wire.tags('full/disk')).length, held.length)
  rmSync(filler)

  for (const { manifest, digest } of held.splice(0, 4)) {
    for (const path of [`manifests/${manifest}`, `blobs/${digest}`]) {
      const deleted = await wire.request(`/v2/full/disk/${path}`, { method: 'DELETE' })
      assert.equal(deleted.status, 202, await deleted.text())
    }
  }
  const room = async () => {
    const bytes = randomBytes(8 * MIB)
    await wire.pushBlob('full/disk', bytes)
    return (await wire.digestOf(`/v2/full/disk/blobs/${sha256(bytes)}`)) !== undefined
  }
  await until('a push into the room that the deletes made', room, { timeoutMs: 120_000, context: registry.output })
  for (const { digest } of held) assert.equal((await wire.digestOf(`/v2/full/disk/blobs/${digest}`))?.digest, digest)
})
