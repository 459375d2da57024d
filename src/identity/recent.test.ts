import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { Recent } from './recent.ts'

test('it never answers with another value than the last one set, and stays within twice its bounds', () => {
  const step = fc.record({
    key: fc.integer({ min: 0, max: 30 }).map(n => 'k'.repeat(n % 7) + n),
    set: fc.boolean(),
    drop: fc.boolean(),
  })
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200 }), steps => {
      const recent = new Recent<number>(5, 30)
      const model = new Map<string, number>()
      steps.forEach(({ key, set, drop }, i) => {
        if (drop) {
          recent.delete(key)
          model.delete(key)
        } else if (set) {
          recent.set(key, i)
          model.set(key, i)
        }
        const got = recent.get(key)
        if (got !== undefined) assert.equal(got, model.get(key))
        if (set && !drop) assert.equal(got, i)
        assert.ok(recent.size <= 10)
      })
    }),
  )
})

test('what is used stays while what is not used goes', () => {
  const recent = new Recent<number>(4, 1000)
  recent.set('used', 1)
  for (let i = 0; i < 100; i += 1) {
    recent.set(`k${i}`, i)
    assert.equal(recent.get('used'), 1)
  }
  assert.equal(recent.get('k0'), undefined)
})

test('long texts are bounded by their size', () => {
  const recent = new Recent<number>(1000, 100)
  for (let i = 0; i < 50; i += 1) recent.set(String(i).padStart(40, '0'), i)
  assert.ok(recent.size <= 5)
})
