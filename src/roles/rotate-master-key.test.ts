import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { createVault, loadConfig, type Store, silentLog, systemClock } from '../kernel/index.ts'
import { testEngines, testStore } from '../kernel/store/engines.fixture.ts'
import { FROM_MACHINE } from './audit.ts'
import { rotateMasterKey } from './rotate-master-key.ts'
import { controlSchema } from './schema.ts'
import { type PlatformSecrets, platformSecrets } from './secrets.ts'

const clock = systemClock('test')
const CONTEXT = 'tenants/ten_a/providers/corp'

for (const engine of testEngines()) {
  test(`a rotation that is killed anywhere loses nothing, and is whole once it was run again, on ${engine.name}`, async t => {
    const home = mkdtempSync(join(tmpdir(), 'towpath-rotate-'))
    t.after(() => rmSync(home, { recursive: true, force: true }))
    const config = loadConfig({ env: { TOWPATH_HOME: home } })
    const store = await testStore(engine, controlSchema)
    t.after(() => store.close())
    const fresh = () => platformSecrets({ config, clock, env: {} })
    await fresh().open(silentLog())
    const { kid } = await fresh().signingKey()
    const sealed = await createVault({ store, clock, masterKeys: fresh().masterKeys }).seal('hunter2', CONTEXT)
    const held = () =>
      readFileSync(join(home, 'secrets', 'master.key'), 'utf8')
        .trim()
        .split('\n')

    const killed = (what: string) => async () => {
      throw new Error(`killed ${what}`)
    }
    const cuts: { store?: Partial<Store>; files?: Partial<PlatformSecrets['files']> }[] = [
      { store: { write: killed('before the rows') } },
      { files: { rewrap: killed('between rows and files') } },
      {},
      {},
    ]
    const seen = new Set<string>()
    for (const cut of cuts) {
      const secrets = fresh()
      const parts = {
        ...{ config, clock },
        store: { ...store, ...cut.store },
        secrets: { ...secrets, files: { ...secrets.files, ...cut.files } },
      }
      const rotating = rotateMasterKey(parts, FROM_MACHINE)
      if (cut.store || cut.files) await assert.rejects(rotating, /killed/)
      else seen.add((await rotating).masterKeyId)
      // As after a start: nothing is remembered but what is on disk and in rows.
      assert.equal((await fresh().signingKey()).kid, kid)
      const vault = createVault({ store, clock, masterKeys: fresh().masterKeys })
      assert.equal(await vault.open(sealed, CONTEXT), 'hunter2')
      assert.equal(await vault.open(await vault.seal('new', CONTEXT), CONTEXT), 'new')
    }
    assert.equal(seen.size, 2, 'each rotation makes another key')
    assert.equal(held().length, 2, 'the newest and the one before')
    const { keyFacts } = fresh().files
    assert.ok(seen.has((await keyFacts())?.masterKeyId ?? ''))
  })
}
