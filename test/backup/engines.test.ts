import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { readCredentials } from '../../src/identity/index.ts'
import { eachRow, listTables, type Store } from '../../src/kernel/index.ts'
import { backup } from '../../src/roles/backup.ts'
import { restore } from '../../src/roles/restore.ts'
import {
  clock,
  configOf,
  folder,
  manifestDigests,
  pullImage,
  pushImage,
  scaledConfig,
  startPlatform,
} from './platform.fixture.ts'

/** Rows as text, without what a start or a restore may change. */
async function rowsOf(store: Store): Promise<Record<string, string[]>> {
  const all: Record<string, string[]> = {}
  for (const table of await listTables(store.read, store.engine)) {
    if (['feed_state', 'reclaim_hold', 'lease'].includes(table.name)) continue
    const rows = await Array.fromAsync(eachRow(store.read, table))
    all[table.name] = rows.map(row =>
      JSON.stringify(row, (_, value) => (ArrayBuffer.isView(value) ? Array.from(value as Buffer) : value)),
    )
  }
  return all
}

const url = process.env.TOWPATH_TEST_POSTGRES
const places = [
  { name: 'SQLite and files', open: (home: string) => ({ config: configOf(home), env: {} }) },
  ...(url ? [{ name: 'postgres and files', open: (home: string) => scaledConfig(home, url, undefined) }] : []),
  ...(url && process.env.TOWPATH_TEST_S3
    ? [
        {
          name: 'postgres and an object store',
          open: (home: string) => scaledConfig(home, url, process.env.TOWPATH_TEST_S3),
        },
      ]
    : []),
]

for (const one of places) {
  test(`a backup goes from SQLite to ${one.name} and back, every row the same`, async t => {
    const dir = folder(t)
    const say = () => {}
    const start = { config: configOf(join(dir, 'first')), env: {} }
    const first = await startPlatform(start.config)
    for (let i = 0; i < 5; i += 1) await pushImage(first.registry, `v${i}`, 50_000)
    const [content, settings] = [await rowsOf(first.store), await rowsOf(first.control)]
    const credentials = await readCredentials(first.control.read)
    await backup({ ...start, clock, say, to: join(dir, 'backup-1') })
    await first.stop()

    const there = one.open(join(dir, 'there'))
    await restore({ ...there, clock, say, from: join(dir, 'backup-1') })
    const second = await startPlatform(there.config, there.env)
    assert.deepEqual(await rowsOf(second.store), content)
    assert.deepEqual(await rowsOf(second.control), settings)
    for (const digest of await manifestDigests(second.store)) await pullImage(second.registry, digest)
    // An image that only this one has shows that the way back takes this one's bytes.
    const { digest } = await pushImage(second.registry, 'there', 50_000)
    await backup({ ...there, clock, say, to: join(dir, 'backup-2') })
    const later = await rowsOf(second.store)
    await second.stop()

    const back = { config: configOf(join(dir, 'back')), env: {} }
    await restore({ ...back, clock, say, from: join(dir, 'backup-2') })
    const third = await startPlatform(back.config)
    t.after(() => third.stop())
    assert.deepEqual(await rowsOf(third.store), later)
    assert.deepEqual(await readCredentials(third.control.read), credentials)
    const digests = await manifestDigests(third.store)
    assert.ok(digests.length === 6 && digests.includes(digest))
    for (const one of digests) await pullImage(third.registry, one)
    if (there.config.control.database.engine === 'postgres') {
      await assert.rejects(
        restore({
          ...there,
          config: { ...there.config, home: join(dir, 'again') },
          clock,
          say,
          from: join(dir, 'backup-1'),
        }),
        {
          code: 'RESTORE_TARGET_TAKEN',
        },
      )
      // And nothing was changed in it.
      await (await startPlatform(there.config, there.env)).stop()
    }
  })
}
