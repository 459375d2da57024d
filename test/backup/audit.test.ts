import assert from 'node:assert/strict'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import { newAuditKeys, parseAuditKeys, runSealer, verifyAudit } from '../../src/audit/index.ts'
import { paths, type Store, sql } from '../../src/kernel/index.ts'
import { backup } from '../../src/roles/backup.ts'
import { restore } from '../../src/roles/restore.ts'
import { clock, configOf, folder, pushImage, startPlatform } from './platform.fixture.ts'

const keys = parseAuditKeys(newAuditKeys([]), 'test')
const parts = (home: string) => ({ config: configOf(home), clock, env: {}, say: () => {} })

async function sealed(store: Store): Promise<void> {
  const stop = new AbortController()
  const onError = (error: unknown) => assert.fail(String(error))
  const running = runSealer({ store, clock, keys, region: 'home', holder: 'test', signal: stop.signal, onError })
  const left = () => store.read.one(sql`select id from audit_entry where sequence = 0`)
  while (await left()) await clock.sleep(20)
  stop.abort()
  await running
}

test('a region is restored with its audit; heads that were kept while the backup was made are left out', async t => {
  const dir = folder(t)
  const platform = await startPlatform(configOf(join(dir, 'home')))
  t.after(() => platform.stop().catch(() => {}))
  await pushImage(platform.registry, 'one')
  await pushImage(platform.registry, 'two')
  await sealed(platform.store)
  await platform.stop()
  // As the process that pulls would: an old one as evidence, and one of just now.
  const database = new DatabaseSync(paths(platform.config).controlDatabase)
  const insert = database.prepare(`insert into audit_anchor
    (tenant_id, region_id, sequence, hash, signed_at, key_id, signature, kept_at, newest)
    values ('ten_test', 'home', ?, 'hash', 1, 'key', 'signature', ?, ?)`)
  insert.run(7, clock.now() - 120_000, 0)
  insert.run(8, clock.now() - 1_000, 1)
  database.close()
  const to = join(dir, 'backup')
  await backup({ ...parts(join(dir, 'home')), to })

  await restore({ ...parts(join(dir, 'new')), from: to })
  const restored = await startPlatform(configOf(join(dir, 'new')))
  t.after(() => restored.stop())
  const check = await verifyAudit({ store: restored.store, clock, keys, tenantId: 'ten_test', region: 'home' })
  assert.deepEqual([check.problems, check.checked], [[], 2])
  assert.deepEqual(
    (await restored.control.read.all<{ sequence: number }>(sql`select sequence from audit_anchor`)).map(
      row => row.sequence,
    ),
    [7],
  )
})
