import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createMetrics, Failure } from '../../kernel/index.ts'
import { BucketTable } from './buckets.ts'
import { premiumLimits, type ThrottleLimits, throttleLimits } from './limits.ts'
import { Throttle } from './throttle.ts'

const SECOND = 1000

function throttleOf(changes: Partial<ThrottleLimits>) {
  const limits = { ...premiumLimits, ...changes }
  const metrics = createMetrics()
  const registry = { id: 'reg_a', throttle: limits }
  const throttle = new Throttle({ metrics, limits: id => (id === 'reg_a' ? limits : undefined) })
  /** How many of `count` go through at once. */
  const many = (count: number, caller: string, kind: keyof ThrottleLimits, now: number) => {
    let admitted = 0
    for (let i = 0; i < count; i++)
      if (refusal(() => throttle.admit(registry, caller, kind, now)) === undefined) admitted++
    return admitted
  }
  const refused = (caller: string, kind: keyof ThrottleLimits, now: number) =>
    refusal(() => throttle.admit(registry, caller, kind, now))
  return { throttle, registry, metrics, many, refused }
}

function refusal(run: () => void): Failure | undefined {
  try {
    run()
    return undefined
  } catch (error) {
    assert.ok(error instanceof Failure)
    return error
  }
}

test('the limits are those of ACR’s Premium where nobody has set others', () => {
  assert.deepEqual(throttleLimits.parse(undefined), {
    read: { registry: 20_000, identity: 10_000 },
    write: { registry: 4_000, identity: 2_000 },
    delete: { registry: 4_000, identity: 2_000 },
    referrers: { registry: 2_000, identity: 1_000 },
    oauth: { registry: 20_000, identity: 0 },
  })
  const { many } = throttleOf({})
  assert.equal(many(30_000, 'user:a', 'read', 0), 10_000, 'one identity')
  assert.equal(many(30_000, 'user:b', 'read', 0), 10_000, 'another has its own')
  assert.equal(many(30_000, 'user:c', 'read', 0), 0, 'the registry has no more')
  assert.equal(many(5_000, 'user:c', 'write', 0), 2_000, 'writing is another class')
})

test('a minute’s requests come back over a minute, and Retry-After counts down to the next one', () => {
  const { many, refused } = throttleOf({ write: { registry: 0, identity: 1 } })
  assert.equal(many(1, 'user:a', 'write', 0), 1)
  const waits = [0, 10, 20, 59, 59.5].map(s => refused('user:a', 'write', s * SECOND)?.detail.retryAfter)
  assert.deepEqual(waits, [60, 50, 40, 1, 1])
  assert.equal(many(2, 'user:a', 'write', 60 * SECOND), 1)
})

test('a refused request says whose limit it was, takes no token of the other, and is counted', () => {
  const { throttle, refused, many, metrics } = throttleOf({ read: { registry: 3, identity: 2 } })
  assert.equal(many(10, 'user:a', 'read', 0), 2)
  const failure = refused('user:a', 'read', 0)
  assert.equal(failure?.status, 429)
  assert.equal(failure?.code, 'TOOMANYREQUESTS')
  assert.deepEqual(failure?.detail, { class: 'read', of: 'identity', perMinute: 2, retryAfter: 30 })
  assert.equal(many(10, 'user:b', 'read', 0), 1, 'what was refused to one is left for the others')
  assert.equal(refused('user:b', 'read', 0)?.detail.of, 'registry')
  const { all, identities } = throttle.use('reg_a', 0)
  assert.deepEqual(all.read, { used: 3, refused: 19 })
  assert.deepEqual(
    identities.map(({ identity, use }) => [identity, use.read]),
    [
      ['user:a', { used: 2, refused: 9 }],
      ['user:b', { used: 1, refused: 10 }],
    ],
  )
  assert.match(metrics.text(), /towpath_registry_throttled_total\{class="read",of="identity"\} 9/)
  assert.match(metrics.text(), /towpath_registry_throttled_total\{class="read",of="registry"\} 10/)
})

test('a list of referrers is a read too, and costs neither where one of both is used up', () => {
  const { many, throttle } = throttleOf({ read: { registry: 5, identity: 5 }, referrers: { registry: 3, identity: 3 } })
  assert.equal(many(9, 'user:a', 'referrers', 0), 3)
  assert.equal(many(9, 'user:a', 'read', 0), 2)
  assert.equal(throttle.use('reg_a', 0).all.read.used, 5)
  const { many: again, throttle: other } = throttleOf({ read: { registry: 1, identity: 1 } })
  assert.equal(again(1, 'user:a', 'read', 0), 1)
  assert.equal(again(5, 'user:a', 'referrers', 0), 0)
  assert.equal(other.use('reg_a', 0).all.referrers.used, 0)
})

test('0 lets as many through as come, and they are counted all the same', () => {
  const { many, throttle } = throttleOf({ read: { registry: 0, identity: 0 } })
  assert.equal(many(50_000, 'user:a', 'read', 0), 50_000)
  assert.equal(throttle.use('reg_a', 0).all.read.used, 50_000)
})

test('nobody in particular can not take all the tokens that people sign in with', () => {
  const { many } = throttleOf({ oauth: { registry: 100, identity: 0 } })
  assert.equal(many(1_000, 'anonymous', 'oauth', 0), 50)
  assert.equal(many(1_000, 'user:a', 'oauth', 0), 50)
})

test('a caller who makes room for himself by others’ names gains nothing', () => {
  const table = new BucketTable(2)
  const registry = table.registry('reg_a')
  const first = table.identity(registry, 'user:a', 0)
  table.identity(registry, 'user:b', 0)
  const third = table.identity(registry, 'user:c', 0)
  assert.equal(table.identity(registry, 'user:d', 0), third, 'who finds no place shares one')
  assert.equal(table.identity(registry, 'user:a', 0), first)
  for (let minute = 1; minute <= 9; minute++) table.turn(minute * 60_000)
  assert.equal(table.identity(registry, 'user:a', 600_000), first, 'not forgotten before its buckets are full')
  table.turn(660_000)
  assert.notEqual(table.identity(registry, 'user:c', 660_000), third, 'there is place again')
  assert.equal(table.identity(registry, 'user:a', 660_000), first)
})

test('the last minute’s use fades with the minute that begins', () => {
  const { many, throttle } = throttleOf({})
  many(100, 'user:a', 'read', 50 * SECOND)
  throttle.turn(60 * SECOND)
  const used = (s: number) => throttle.use('reg_a', s * SECOND).all.read.used
  assert.deepEqual([used(60), used(90), used(120)], [100, 50, 0])
})
