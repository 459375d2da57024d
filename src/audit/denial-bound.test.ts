import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createDenialBound } from './denial-bound.ts'

function bound() {
  let now = 0
  const made = createDenialBound({ monotonic: () => now })
  return {
    forward: (ms: number) => {
      now += ms
    },
    admit: (address: string, times = 1) =>
      Array.from({ length: times }, () => made.admit(address)).filter(one => one !== undefined),
  }
}

test('an address is told of ten times at once, then six times a minute with how many were left out', () => {
  const { admit, forward } = bound()
  assert.equal(admit('192.0.2.1', 25).length, 10)
  assert.equal(admit('192.0.2.2').length, 1)
  forward(10_000)
  assert.deepEqual(admit('192.0.2.1', 5), [{ suppressed: 15 }])
  forward(60_000)
  assert.deepEqual(
    admit('192.0.2.1', 50).map(one => one.suppressed),
    [4, 0, 0, 0, 0, 0],
  )
})

test('many addresses together are bounded too, and so is what is kept of them', () => {
  const { admit, forward } = bound()
  let told = 0
  for (let i = 0; i < 10_000; i++) told += admit(`10.0.${i >> 8}.${i & 255}`).length
  assert.equal(told, 200)
  forward(1000)
  assert.equal(admit('192.0.2.1', 5).length, 2)
})
