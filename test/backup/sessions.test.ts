import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import {
  ADMIN_PRINCIPAL,
  DEFAULT_TENANT,
  devices,
  ensureBuiltIn,
  findSession,
  readEnded,
  sessions,
} from '../../src/identity/index.ts'
import { from } from '../../src/identity/tenants.fixture.ts'
import { sql } from '../../src/kernel/index.ts'
import { backup } from '../../src/roles/backup.ts'
import { restore } from '../../src/roles/restore.ts'
import { clock, configOf, folder, startPlatform } from './platform.fixture.ts'

const silent = () => {}

test('a restore brings nobody back in who signed out since, nor what a session bought', async t => {
  const dir = folder(t)
  const parts = (home: string) => ({ config: configOf(join(dir, home)), clock, env: {}, say: silent })
  const old = await startPlatform(configOf(join(dir, 'old')))
  t.after(() => old.stop().catch(silent))
  await old.control.write(ensureBuiltIn, { registries: [] })
  const { tenantId, id: principalId } = ADMIN_PRINCIPAL
  await old.control.write(sessions.open, {
    session: { tenantId, id: 'ses_1', principalId, kind: 'browser', signedInBy: 'password', proof: '' },
    ...{ secretHash: 'hash', replaces: undefined, address: '', from: from() },
  })
  await old.control.write(devices.start, { deviceHash: 'waits', userCode: 'BCDFGHJK', address: '' })
  const to = join(dir, 'backup')
  await backup({ ...parts('old'), to })
  await old.control.write(sessions.end, { tenantId, id: 'ses_1', principalId, from: from() })
  const signedOut = clock.now()
  await old.stop()

  await restore({ ...parts('new'), from: to })
  const restored = await startPlatform(configOf(join(dir, 'new')))
  t.after(() => restored.stop())
  const { read } = restored.control
  assert.equal(await findSession(read, 'hash', clock.now()), undefined)
  assert.deepEqual(await read.all(sql`select user_code from device_request`), [])
  const ended = (await readEnded(read)).find(one => one.tenantId === DEFAULT_TENANT.id)
  assert.ok(ended && ended.before >= signedOut, 'a registry takes no token from before, whatever vouched for it')
})
