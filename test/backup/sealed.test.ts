import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { createVault, loadConfig, localMasterKeys, MasterKeyMissing } from '../../src/kernel/index.ts'
import { backup } from '../../src/roles/backup.ts'
import { restore } from '../../src/roles/restore.ts'
import { clock, folder, type Platform, scaledConfig, startPlatform } from './platform.fixture.ts'

const CONTEXT = 'tenants/ten_default/providers/corp'
const url = process.env.TOWPATH_TEST_POSTGRES

function place(engine: string, home: string, masterKey?: string) {
  const scaled = engine === 'postgres' ? scaledConfig(home, url ?? '', undefined).env : { TOWPATH_HOME: home }
  const env: Record<string, string> = { ...scaled, ...(masterKey ? { TOWPATH_SECRETS_MASTER_KEY: masterKey } : {}) }
  return { config: loadConfig({ env }), env, clock }
}

function vaultOf(platform: Platform, env: Record<string, string>) {
  const masterKeys = localMasterKeys({ config: platform.config, env, clock })
  return createVault({ store: platform.control, clock, masterKeys })
}

for (const engine of ['sqlite', ...(url ? ['postgres'] : [])]) {
  test(`sealed rows come along closed, open under the same master key, and say what is missing, on ${engine}`, async t => {
    const dir = folder(t)
    const reference = `file:${join(dir, 'master')}`
    writeFileSync(join(dir, 'master'), Buffer.alloc(32, 9).toString('base64'), { mode: 0o600 })
    const old = place(engine, join(dir, 'old'), reference)
    const first = await startPlatform(old.config, old.env)
    const sealed = await vaultOf(first, old.env).seal('hunter2', CONTEXT)
    const to = join(dir, 'backup')
    await backup({ ...old, to, say: () => {} })
    await first.stop()

    const restored = async (name: string, masterKey?: string) => {
      const parts = place(engine, join(dir, name), masterKey)
      const said: string[] = []
      await restore({ ...parts, from: to, say: line => said.push(line) })
      const platform = await startPlatform(parts.config, parts.env)
      t.after(() => platform.stop())
      return { vault: vaultOf(platform, parts.env), said: said.join('\n') }
    }
    const same = await restored('same', reference)
    assert.equal(await same.vault.open(sealed, CONTEXT), 'hunter2')
    assert.doesNotMatch(same.said, /came along closed/)

    const other = await restored('other')
    assert.match(other.said, /came along closed: bring master key mk_/)
    await assert.rejects(other.vault.open(sealed, CONTEXT), { code: MasterKeyMissing.code, status: 503 })
    const anew = await other.vault.seal('entered anew', CONTEXT)
    assert.equal(await other.vault.open(anew, CONTEXT), 'entered anew')
  })
}
