import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { silentLog, sql } from '../../kernel/index.ts'
import { testEngines } from '../../kernel/store/engines.fixture.ts'
import { openTestRegistry, pushImage, repo, TESTER } from '../registry.fixture.ts'
import { runDuePolicies } from './jobs.ts'
import type { ServedPolicy } from './policy.ts'
import { PolicyWork } from './work.ts'

const app = repo('team/app')
const HOUR = 3_600_000
const rule = { keepLast: 1, keepPushedDays: null, keepPulledDays: null, keepMatching: [], deleteManifests: false }
const few: ServedPolicy = {
  ...{ registryId: 'reg_default', id: 'pol_1', name: 'few', repositories: '*', kind: 'tags' },
  settings: { tags: ['*'], ...rule },
}

for (const engine of testEngines()) {
  suite(`policies by job on ${engine.name}`, () => {
    test('one that is new or changed runs at once, the others by the hour, and what is gone is forgotten', async t => {
      let served: ServedPolicy[] = []
      const policies = () => served
      const { registry, store, clock } = await openTestRegistry(t, { engine, policies })
      const work = new PolicyWork({ store, clock, region: 'home', policies, keepFor: 1000, sharesPulls: false })
      const tenants: Record<string, string> = { reg_default: TESTER.tenantId }
      const tenantOf = (registryId: string) => tenants[registryId]
      const look = async () => {
        await runDuePolicies({ store, clock, log: silentLog(), policies, tenantOf, work }, new AbortController().signal)
        return (await registry.listTags(app, { n: 10, last: '' }))?.items
      }
      const push = async (...tags: string[]) => {
        for (const tag of tags) await pushImage(registry, app, tag)
      }
      await push('a', 'b')
      assert.deepEqual(await look(), ['a', 'b'])
      served = [few, { ...few, id: 'pol_2', registryId: 'reg_elsewhere' }]
      assert.deepEqual(await look(), ['b'])
      await push('c')
      assert.deepEqual(await look(), ['b', 'c'], 'it ran just now')
      served = [{ ...few, repositories: 'team/*' } as ServedPolicy]
      assert.deepEqual(await look(), ['c'])
      await push('d')
      clock.skip(HOUR)
      assert.deepEqual(await look(), ['d'])
      served = []
      await look()
      assert.deepEqual(await store.read.all(sql`select * from registry_policy_run`), [])
    })

    test('one that is stopped has not run, and goes on when the job comes back', async t => {
      const policies = () => [few]
      const { registry, store, clock } = await openTestRegistry(t, { engine, policies })
      const work = new PolicyWork({ store, clock, region: 'home', policies, keepFor: 1000, sharesPulls: false })
      for (const tag of ['a', 'b', 'c']) await pushImage(registry, app, tag)
      const stop = new AbortController()
      const parts = { store, clock, log: silentLog(), policies, tenantOf: () => TESTER.tenantId, work }
      const stopping = {
        ...store,
        write: async (...asked: Parameters<typeof store.write>) => {
          const done = await store.write(...asked)
          stop.abort()
          return done
        },
      } as typeof store
      const slow = new PolicyWork({
        store: stopping,
        clock,
        region: 'home',
        policies,
        keepFor: 1000,
        sharesPulls: false,
      })
      await runDuePolicies({ ...parts, work: slow }, stop.signal)
      const tags = async () => (await registry.listTags(app, { n: 10, last: '' }))?.items
      assert.equal((await tags())?.length, 2)
      await runDuePolicies(parts, new AbortController().signal)
      assert.deepEqual(await tags(), ['c'])
    })
  })
}
