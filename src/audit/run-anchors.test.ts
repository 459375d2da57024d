import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { takeLease } from '../kernel/index.ts'
import { testEngines } from '../kernel/store/engines.fixture.ts'
import { openAudit, testKeys } from './audit.fixture.ts'
import { runAnchors } from './run-anchors.ts'

for (const engine of testEngines()) {
  describe(`anchoring: ${engine.name}`, () => {
    test('one process pulls, soon and then once a minute; a side that is away is told once and asked again', async () => {
      const { store, clock } = await openAudit(engine)
      const stop = new AbortController()
      const told: unknown[] = []
      let [asked, away] = [0, false]
      const heads = async () => {
        asked += 1
        if (away) throw new Error('away')
        return { heads: [] }
      }
      const source = { heads, hashes: async () => [] }
      const parts = { store, clock, keys: testKeys, source, region: 'home', signal: stop.signal }
      const onError = (error: unknown) => told.push(error)
      const running = ['a', 'b'].map(holder => runAnchors({ ...parts, holder, onError }))
      try {
        await clock.sleep(2_000)
        assert.equal(asked, 1)
        await clock.sleep(600_000)
        assert.ok(asked >= 8 && asked <= 15, `${asked} times in ten minutes`)
        away = true
        for (const before = asked; asked === before; ) await clock.sleep(1_000)
        assert.equal(told.length, 0, 'a side that starts needs a moment')
        await clock.sleep(600_000)
        assert.equal(told.length, 1)
        away = false
        asked = 0
        await clock.sleep(120_000)
        assert.ok(asked > 0)
      } finally {
        stop.abort()
        await Promise.all(running)
      }
      const lease = { name: 'audit-anchors/home', holder: 'c', ms: 1 }
      assert.ok(await store.write(takeLease, lease), 'its lease is given back')
      await store.close()
    })
  })
}
