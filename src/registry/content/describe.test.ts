import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import {
  feedMigrations,
  fileBlobs,
  jobMigrations,
  nodeDisk,
  sql,
  systemClock,
  type Tx,
  write,
} from '../../kernel/index.ts'
import { testEngines } from '../../kernel/store/engines.fixture.ts'
import { digestOf, mediaTypes } from '../../oci/index.ts'
import { UNRESTRICTED } from '../locks/attributes.ts'
import { Metadata } from '../read/metadata.ts'
import { imageBytes, openTestRegistry, pushBlob, repo, TESTER } from '../registry.fixture.ts'
import { registryMigrations } from '../schema.ts'
import { describeManifests } from './describe.ts'
import { registryWrites } from './writes.ts'

const app = repo('team/app')
const old = repo('team/old')
const CONFIG = '{"architecture":"s390x","os":"linux"}'
const BYTES = imageBytes({ config: digestOf(CONFIG) })
const DIGEST = digestOf(BYTES)
const TEXT = Uint8Array.from(BYTES)

/** As the first version wrote them: a repository with a blob, a manifest and a tag. */
const fillOld = write('test.fill-old', async (tx: Tx, { key }: { key: string }): Promise<null> => {
  const { registryId: id, repository } = old
  const config = digestOf(CONFIG)
  await tx.run(sql`insert into repository values (${id}, ${repository}, ${1000})`)
  await tx.run(sql`insert into blob values (${id}, ${config}, ${key}, ${CONFIG.length}, ${1000})`)
  await tx.run(
    sql`insert into repository_blob values (${id}, ${repository}, ${config}, ${key}, ${CONFIG.length}, ${0})`,
  )
  await tx.run(sql`insert into manifest values
    (${id}, ${repository}, ${DIGEST}, ${mediaTypes.ociManifest}, '', '', ${BYTES.length}, ${2000}, 'h', ${TEXT})`)
  await tx.run(sql`insert into manifest_reference values (${id}, ${repository}, ${DIGEST}, ${config})`)
  await tx.run(
    sql`insert into tag values (${id}, ${repository}, 'v1', ${DIGEST}, ${mediaTypes.ociManifest}, ${3000}, 'h')`,
  )
  return null
})

for (const engine of testEngines().filter(one => one.shared)) {
  test(`what an earlier version wrote is counted at once and described in the background, on ${engine.name}`, async t => {
    const dir = mkdtempSync(join(tmpdir(), 'towpath-old-'))
    const clock = systemClock('test')
    const blobs = fileBlobs({ disk: nodeDisk(), dir, node: '0', clock, reserveBytes: 0 })
    const place = engine.place()
    const before = [...feedMigrations, ...jobMigrations, ...registryMigrations.slice(0, 1)]
    const first = await engine.open(place.at, { migrations: before, writes: [fillOld] })
    const key = await keep(blobs)
    await first.write(fillOld, { key })
    await first.close()
    const migrations = [...feedMigrations, ...jobMigrations, ...registryMigrations]
    const store = await engine.open(place.at, { migrations, writes: registryWrites })
    t.after(async () => {
      await store.close()
      await place.remove()
      rmSync(dir, { recursive: true, force: true })
    })
    const metadata = new Metadata(store.read)
    const attributes = UNRESTRICTED
    const bytes = CONFIG.length + BYTES.length
    const counted = {
      name: 'team/old',
      created: 1000,
      updated: 3000,
      manifests: 1,
      tags: 1,
      bytes,
      pulls: 0,
      pulledAt: 0,
      attributes,
    }
    assert.deepEqual(await metadata.repository(old), counted)
    const tag = { name: 'v1', digest: DIGEST, created: 3000, updated: 3000, attributes }
    assert.deepEqual(await metadata.tag(old, 'v1'), tag)
    const times = { created: 2000, updated: 2000 }
    const known = { digest: DIGEST, mediaType: mediaTypes.ociManifest, ...times, tags: ['v1'], attributes }
    assert.deepEqual(await metadata.manifest(old, DIGEST), known)
    await describeManifests({ store, blobs })
    const described = {
      imageSize: CONFIG.length,
      configMediaType: mediaTypes.ociConfig,
      architecture: 's390x',
      os: 'linux',
    }
    assert.deepEqual(await metadata.manifest(old, DIGEST), { ...known, described })
  })
}

async function keep(blobs: ReturnType<typeof fileBlobs>): Promise<string> {
  const staging = await blobs.stage('0-config', { algorithm: 'sha256', started: 0, owner: {} })
  await staging.append(Buffer.from(CONFIG))
  return await blobs.commit(staging, digestOf(CONFIG))
}

test('a config that nobody can read any more leaves the platform open, and is not tried for ever', async t => {
  const { registry, store, blobs } = await openTestRegistry(t)
  const config = await pushBlob(registry, app, CONFIG)
  const { digest } = await registry.putManifest(app, { bytes: imageBytes({ config }), tags: [] }, TESTER)
  const lose = sql`select blob_key from repository_blob`
  const row = await store.read.one<{ blob_key: never }>(lose)
  assert.ok(row)
  await blobs.remove(row.blob_key)
  const other = await registry.putManifest(app, { bytes: imageBytes({ config, note: 'two' }), tags: [] }, TESTER)
  assert.equal((await registry.metadata.manifest(app, other.digest))?.described, undefined)
  assert.equal((await registry.metadata.manifest(app, digest))?.described?.os, 'linux')
  await describeManifests({ store, blobs })
  assert.equal((await registry.metadata.manifest(app, other.digest))?.described?.os, '')
})
