import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { readCredentials } from '../../src/identity/index.ts'
import { lastCursor, paths, sql } from '../../src/kernel/index.ts'
import { holdReclaim } from '../../src/registry/index.ts'
import { TESTER } from '../../src/registry/registry.fixture.ts'
import { readManifest } from '../../src/roles/backup/manifest.ts'
import { createProgress } from '../../src/roles/backup/progress.ts'
import { writeBackup } from '../../src/roles/backup/write-backup.ts'
import { backup } from '../../src/roles/backup.ts'
import { restore } from '../../src/roles/restore.ts'
import {
  clock,
  configOf,
  folder,
  type Image,
  manifestDigests,
  pullImage,
  pushImage,
  repo,
  startPlatform,
} from './platform.fixture.ts'

const silent = () => {}
const parts = (home: string) => ({ config: configOf(home), clock, env: {}, say: silent })

test('a backup during pushes, deletes and collection restores whole, with everything acknowledged before it began', async t => {
  const dir = folder(t)
  const platform = await startPlatform(configOf(join(dir, 'home')))
  t.after(() => platform.stop().catch(silent))
  const { registry } = platform

  const before: Image[] = []
  for (let i = 0; i < 12; i += 1) before.push(await pushImage(registry, `before-${i}`))
  let going = true
  let pushed = 0
  const pushing = [0, 1, 2].map(async worker => {
    for (let i = 0; going; i += 1) {
      await pushImage(registry, `during-${worker}-${i}`)
      pushed += 1
    }
  })
  const deleting = (async () => {
    for (let i = 0; going; i += 1) {
      const { digest } = await pushImage(registry, `gone-${i}`)
      await registry.deleteManifest(repo, digest as never, TESTER)
      await platform.collect()
    }
  })()

  const to = join(dir, 'backup')
  const made = await backup({ ...parts(join(dir, 'home')), to })
  const during = pushed
  going = false
  await Promise.all([...pushing, deleting])
  assert.ok(during > 0, 'pushes went on while the backup ran')
  assert.deepEqual(await readManifest(to), made)
  assert.deepEqual(await platform.store.read.all({ text: 'select holder from reclaim_hold', values: [] }), [])
  const oldCursor = await lastCursor(platform.store, 'home')
  const oldCredentials = await readCredentials(platform.control.read)
  await platform.stop()

  await restore({ ...parts(join(dir, 'new')), from: to })
  const restored = await startPlatform(configOf(join(dir, 'new')))
  t.after(() => restored.stop())
  for (const image of before) {
    assert.equal((await restored.registry.getManifest(repo, image.tag))?.digest, image.digest)
    assert.deepEqual(Buffer.from((await restored.registry.getManifest(repo, image.digest))?.bytes ?? []), image.bytes)
  }
  const digests = await manifestDigests(restored.store)
  assert.ok(digests.length >= before.length)
  for (const digest of digests) assert.ok((await pullImage(restored.registry, digest)) > 0)

  assert.equal(restored.password, undefined, 'the admin is there already')
  assert.deepEqual(await readCredentials(restored.control.read), oldCredentials)
  assert.notEqual((await lastCursor(restored.store, 'home')).incarnation, oldCursor.incarnation)
  assert.ok(!existsSync(join(to, 'secrets')) && !existsSync(paths(configOf(join(dir, 'new'))).secrets))

  // It goes on: new pushes, and nothing that was restored is collected.
  const after = await pushImage(restored.registry, 'after')
  await restored.collect()
  for (const image of [...before, after]) await pullImage(restored.registry, image.digest)
})

test('of a home at rest: nothing starts on it meanwhile, blobs are second names of the same files', async t => {
  const dir = folder(t)
  const home = join(dir, 'home')
  const platform = await startPlatform(configOf(home))
  const image = await pushImage(platform.registry, 'one')
  await platform.stop()
  const to = join(dir, 'backup')
  await backup({ ...parts(home), to })
  const file = readdirSync(join(to, 'regions/home/blobs/sha256'), { recursive: true, encoding: 'utf8' }).find(name =>
    name.includes('.'),
  )
  assert.ok(file)
  assert.equal(
    statSync(join(to, 'regions/home/blobs/sha256', file)).ino,
    statSync(join(home, 'regions/home/blobs/sha256', file)).ino,
  )
  await restore({ ...parts(join(dir, 'new')), from: to })
  assert.equal(
    statSync(join(dir, 'new/regions/home/blobs/sha256', file)).nlink,
    1,
    'a restored home shares nothing with its backup',
  )
  const again = await startPlatform(configOf(home))
  await pullImage(again.registry, image.digest)
  await again.stop()
})

test('a target that holds anything is refused; an interrupted backup is gone on with', async t => {
  const dir = folder(t)
  const home = join(dir, 'home')
  const platform = await startPlatform(configOf(home))
  t.after(() => platform.stop())
  const image = await pushImage(platform.registry, 'one')
  const to = join(dir, 'backup')
  const nowhere = join(dir, 'nowhere')
  await assert.rejects(backup({ ...parts(nowhere), to }), { code: 'BACKUP_NOTHING' })
  assert.ok(!existsSync(nowhere) && !existsSync(to))
  await backup({ ...parts(home), to })
  await assert.rejects(backup({ ...parts(home), to }), { code: 'BACKUP_TARGET_TAKEN', message: /finished backup/ })
  await assert.rejects(backup({ ...parts(home), to: dir }), { code: 'BACKUP_TARGET_TAKEN', message: /not empty/ })

  // As a kill -9 between blobs and manifest leaves it.
  rmSync(join(to, 'backup.json'))
  writeFileSync(join(to, 'unfinished'), '')
  await assert.rejects(restore({ ...parts(join(dir, 'new')), from: to }), { code: 'BACKUP_NONE' })
  const later = await pushImage(platform.registry, 'two')
  await backup({ ...parts(home), to })
  await restore({ ...parts(join(dir, 'new')), from: to })
  const restored = await startPlatform(configOf(join(dir, 'new')))
  t.after(() => restored.stop())
  for (const { digest } of [image, later]) await pullImage(restored.registry, digest)
})

test('a blob whose bytes are gone fails the backup; accepted, its rows stay out and a push heals it', async t => {
  const dir = folder(t)
  const home = join(dir, 'home')
  const platform = await startPlatform(configOf(home))
  t.after(() => platform.stop())
  const whole = await pushImage(platform.registry, 'whole')
  const torn = await pushImage(platform.registry, 'torn')
  const { blob_key: key } = (await platform.store.read.one<{ blob_key: string }>({
    text: 'select blob_key from blob where digest = ?',
    values: [torn.blobs[1]?.digest ?? ''],
  })) ?? { blob_key: '' }
  await platform.blobs.remove(key as never)

  const to = join(dir, 'backup')
  await assert.rejects(backup({ ...parts(home), to }), { code: 'BACKUP_BLOBS_LOST', detail: { lost: [key] } })
  const lines: string[] = []
  const made = await backup({ ...parts(home), to, acceptLost: true, say: line => lines.push(line) })
  assert.deepEqual(made.blobs[0]?.lost, [key])
  assert.ok(lines.some(line => line.includes(key)))

  await restore({ ...parts(join(dir, 'new')), from: to })
  const restored = await startPlatform(configOf(join(dir, 'new')))
  t.after(() => restored.stop())
  await pullImage(restored.registry, whole.digest)
  await assert.rejects(pullImage(restored.registry, torn.digest), /is missing/)
  for (const { digest, bytes } of torn.blobs) {
    await restored.registry.pushBlob(
      repo,
      digest as never,
      (async function* () {
        yield bytes
      })(),
    )
  }
  await pullImage(restored.registry, torn.digest)
})

test('what is deleted and collected after the snapshot is in the backup all the same', async t => {
  const dir = folder(t)
  const platform = await startPlatform(configOf(join(dir, 'home')))
  t.after(() => platform.stop())
  const { registry, store, control } = platform
  const images = [await pushImage(registry, 'one'), await pushImage(registry, 'two')]
  // The first blob is asked for once the rows are written down; copied and not linked, as from an object store.
  const deleteAll = async () => {
    for (const { digest } of images) await registry.deleteManifest(repo, digest as never, TESTER)
    await platform.collect()
  }
  const slow = (hold: boolean, loses: boolean) => {
    let first = true
    const open: typeof platform.blobs.open = async (...args) => {
      if (first && loses) {
        const holders = await store.read.all<{ holder: string }>(sql`select holder from reclaim_hold`)
        for (const { holder } of holders) await store.write(holdReclaim, { holder, forMs: -1 })
      }
      if (first) await deleteAll()
      first = false
      return platform.blobs.open(...args)
    }
    return { name: 'home', store, blobs: { open }, hold }
  }
  const write = (to: string, hold: boolean, loses = false) =>
    writeBackup({
      to: join(dir, to),
      control,
      regions: [slow(hold, loses)],
      clock,
      version: 'test',
      progress: createProgress(clock, silent),
    })

  const held = await write('held', true)
  assert.deepEqual([held.blobs[0]?.count, held.blobs[0]?.lost], [4, []])
  // The same without the hold shows that it was needed: reclaimed, so not a loss, but not there either.
  const loose = await write('loose', false)
  assert.equal(loose.blobs[0]?.lost.length, 4)
  images.push(await pushImage(registry, 'three'))
  await assert.rejects(write('torn', true, true), { code: 'BACKUP_HOLD_LOST' }, 'the hold ended before it was renewed')
})

test('reclaiming waits while somebody holds it', async t => {
  const platform = await startPlatform(configOf(join(folder(t), 'home')))
  t.after(() => platform.stop())
  const rows = async () => (await platform.store.read.all({ text: 'select digest from blob', values: [] })).length
  const { digest } = await pushImage(platform.registry, 'one')
  await platform.store.write(holdReclaim, { holder: 'somebody', forMs: 60_000 })
  await platform.registry.deleteManifest(repo, digest as never, TESTER)
  await platform.collect()
  assert.equal(await rows(), 2)
  await platform.store.write(holdReclaim, { holder: 'somebody', forMs: -1 })
  await platform.collect()
  assert.equal(await rows(), 0)
})

test('a restore changes nothing where anything is wrong or in the way', async t => {
  const dir = folder(t)
  const home = join(dir, 'home')
  const platform = await startPlatform(configOf(home))
  await pushImage(platform.registry, 'one')
  await platform.stop()
  const to = join(dir, 'backup')
  await backup({ ...parts(home), to })
  const into = (name: string, extra: Record<string, string> = {}) =>
    restore({ ...parts(join(dir, name)), config: configOf(join(dir, name), extra), from: to })

  await assert.rejects(into('home'), { code: 'RESTORE_HOME_NOT_EMPTY' })
  await assert.rejects(into('other', { TOWPATH_REGIONS_0_NAME: 'east' }), { code: 'RESTORE_REGIONS' })

  const spoil = (file: string, change: (text: string) => string) => {
    const path = join(to, file)
    const text = readFileSync(path, 'utf8')
    writeFileSync(path, change(text))
    return () => writeFileSync(path, text)
  }
  const cases: [string, (text: string) => string, string][] = [
    ['regions/home/manifest.ndjson', text => text.replace('"', "'"), 'BACKUP_UNREADABLE'],
    ['backup.json', text => text.replace('"format": 1', '"format": 2'), 'BACKUP_NEWER'],
    ['backup.json', text => text.replace('"registry-001-content"', '"registry-999-later"'), 'BACKUP_NEWER'],
    ['backup.json', text => text.slice(0, 100), 'BACKUP_UNREADABLE'],
  ]
  for (const [i, [file, change, code]] of cases.entries()) {
    const mend = spoil(file, change)
    await assert.rejects(into(`spoiled-${i}`), { code }, file)
    assert.ok(!existsSync(join(dir, `spoiled-${i}`, 'regions')))
    mend()
  }

  const blob = readdirSync(join(to, 'regions/home/blobs/sha256'), { recursive: true, encoding: 'utf8' }).find(name =>
    name.includes('.'),
  )
  const path = join(to, 'regions/home/blobs/sha256', blob ?? '')
  const bytes = readFileSync(path)
  // A new file: the old one is the platform's too.
  rmSync(path)
  writeFileSync(
    path,
    bytes.map((byte, at) => (at === 0 ? byte ^ 1 : byte)),
  )
  await assert.rejects(into('damaged'), { code: 'BACKUP_UNREADABLE', message: /its bytes are not those of its digest/ })
  rmSync(path)
  await assert.rejects(into('missing'), { code: 'BACKUP_UNREADABLE', message: /is missing/ })
  writeFileSync(path, bytes)
  await into('good')
})

test('nothing starts on a database that is half restored', async t => {
  const dir = folder(t)
  const home = join(dir, 'home')
  const platform = await startPlatform(configOf(home))
  await pushImage(platform.registry, 'one')
  await platform.stop()
  const to = join(dir, 'backup')
  await backup({ ...parts(home), to })
  // The manifest promises a row that the file lacks: found when the rows are counted, in the middle.
  const path = join(to, 'backup.json')
  const text = readFileSync(path, 'utf8')
  const made = await readManifest(to)
  const tag = made.databases[1]?.tables.find(table => table.name === 'tag')
  assert.ok(tag)
  writeFileSync(
    path,
    text.replace(`"rows": 1,\n          "bytes": ${tag.bytes}`, `"rows": 2,\n          "bytes": ${tag.bytes}`),
  )
  await assert.rejects(restore({ ...parts(join(dir, 'new')), from: to }), { code: 'BACKUP_UNREADABLE' })
  await assert.rejects(startPlatform(configOf(join(dir, 'new'))), { code: 'STORE_SCHEMA_NEWER' })
})
