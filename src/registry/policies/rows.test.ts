import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { type TestEngine, testEngines } from '../../kernel/store/engines.fixture.ts'
import { storeInVirtualTime } from '../../kernel/store/virtual-time.fixture.ts'
import { servedPolicies } from './policy.ts'
import {
  findPolicy,
  policyConfigMigrations,
  policyConfigs,
  policyConfigWrites,
  readPolicies,
  readServedPolicies,
} from './rows.ts'

for (const engine of testEngines()) describe(`policy rows: ${engine.name}`, () => suite(engine))

const policy = (name: string, registryId = 'reg_1') => ({
  ...{ registryId, id: `pol_${name}`, name, kind: 'retention' as const, repositories: '*', enabled: true },
  settings: { days: 7 },
})
const open = (engine: TestEngine) =>
  storeInVirtualTime(engine, { migrations: policyConfigMigrations, writes: policyConfigWrites })

function suite(engine: TestEngine): void {
  test('made, changed, deleted, and found by name in its registry alone', async () => {
    const { store, clock } = await open(engine)
    const made = await store.write(policyConfigs.create, policy('alpha'))
    assert.deepEqual(made, { ...policy('alpha'), createdAt: clock.now() })
    assert.deepEqual(await store.write(policyConfigs.create, policy('alpha')), made, 'the same id again')
    const twice = store.write(policyConfigs.create, { ...policy('alpha'), id: 'pol_other' })
    await assert.rejects(twice, { code: 'POLICY_NAME_TAKEN' })
    await store.write(policyConfigs.create, policy('alpha', 'reg_2'))
    clock.forward(5)
    const one = { registryId: 'reg_1', name: 'alpha' }
    const changed = await store.write(policyConfigs.update, { ...one, enabled: false, settings: { days: 30 } })
    assert.deepEqual(changed, { ...made, enabled: false, settings: { days: 30 } })
    assert.deepEqual(await findPolicy(store.read, 'reg_1', 'alpha'), changed)
    const served = await readServedPolicies(store.read)
    assert.deepEqual(
      served.map(row => row.registryId),
      ['reg_2'],
      'one that is disabled is not served',
    )
    assert.deepEqual(servedPolicies.parse(JSON.parse(JSON.stringify(served))), served)
    await store.write(policyConfigs.delete, one)
    assert.equal(await findPolicy(store.read, 'reg_1', 'alpha'), undefined)
    await assert.rejects(store.write(policyConfigs.delete, one), { code: 'POLICY_UNKNOWN' })
    await store.write(policyConfigs.forgetRegistry, { registryId: 'reg_2' })
    assert.deepEqual(await readPolicies(store.read, 'reg_2'), [])
    await store.close()
  })

  test('what a kind does not take is refused, also where only a part of it is changed', async () => {
    const { store } = await open(engine)
    const refused = { code: 'POLICY_REFUSED', status: 400 }
    const rules = { keepLast: 5, keepPushedDays: null, keepPulledDays: null, keepMatching: [], deleteManifests: false }
    const builds = { ...policy('builds'), kind: 'tags' as const, settings: { tags: ['*'], ...rules } }
    await store.write(policyConfigs.create, builds)
    const one = { registryId: 'reg_1', name: 'builds' }
    await assert.rejects(store.write(policyConfigs.update, { ...one, settings: { days: 3 } }), refused)
    const nothingKept = store.write(policyConfigs.update, { ...one, settings: { keepLast: null } })
    await assert.rejects(nothingKept, { ...refused, message: /nothing is kept/ })
    await assert.rejects(store.write(policyConfigs.update, { ...one, repositories: '^team' }), refused)
    const changed = await store.write(policyConfigs.update, { ...one, settings: { keepLast: null, keepPulledDays: 9 } })
    assert.deepEqual(changed.settings, { ...builds.settings, keepLast: null, keepPulledDays: 9 })
    await store.close()
  })

  test('a registry has 100 at most', async () => {
    const { store } = await open(engine)
    for (let i = 0; i < 100; i++) await store.write(policyConfigs.create, policy(`policy${i}`))
    await assert.rejects(store.write(policyConfigs.create, policy('more')), { code: 'POLICY_LIMIT', status: 409 })
    await store.close()
  })
}

test('a kind of a later version is left out, a known one that is not understood is an error', () => {
  const { enabled: _, ...one } = policy('alpha')
  assert.deepEqual(servedPolicies.parse([{ ...one, kind: 'later', settings: { x: 1 } }, one]), [one])
  assert.equal(servedPolicies.safeParse([{ ...one, settings: { days: 'many' } }]).success, false)
})
