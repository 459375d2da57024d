import assert from 'node:assert/strict'
import { test } from 'node:test'
import { systemClock } from '../kernel/index.ts'
import { createThrottle, TooManyAttempts } from './throttle.ts'

function setUp() {
  let now = 1000
  const throttle = createThrottle({ ...systemClock('test'), monotonic: () => now })
  return { throttle, pass: (ms: number) => (now += ms) }
}
const wrong = async () => undefined
const right = async () => 'in'
const refused = { code: TooManyAttempts.code }

test('ten mistakes, then one each two seconds', async () => {
  const { throttle, pass } = setUp()
  for (let i = 0; i < 10; i += 1) assert.equal(await throttle.attempt('192.0.2.1', wrong), undefined)
  await assert.rejects(throttle.attempt('192.0.2.1', right), { ...refused, detail: { retryAfter: 2 } })
  pass(2000)
  assert.equal(await throttle.attempt('192.0.2.1', right), 'in')
})

test('the owner elsewhere is not slowed down, and the owner here only until one refill', async () => {
  const { throttle, pass } = setUp()
  for (let i = 0; i < 500; i += 1) await throttle.attempt('192.0.2.1', wrong).catch(() => undefined)
  assert.equal(await throttle.attempt('192.0.2.2', right), 'in')
  await assert.rejects(throttle.attempt('192.0.2.1', right), refused)
  pass(2000)
  assert.equal(await throttle.attempt('192.0.2.1', right), 'in')
})

test('right passwords cost nothing', async () => {
  const { throttle } = setUp()
  for (let i = 0; i < 100; i += 1) assert.equal(await throttle.attempt('192.0.2.1', right), 'in')
})

test('guesses sent side by side are counted too', async () => {
  const { throttle } = setUp()
  let ran = 0
  const guess = async () => {
    ran += 1
    return undefined
  }
  await Promise.allSettled(Array.from({ length: 50 }, () => throttle.attempt('192.0.2.1', guess)))
  assert.equal(ran, 10)
})

test('one network of IPv6 is one guesser, an IPv4 address written as IPv6 is itself', async () => {
  const { throttle } = setUp()
  for (let i = 1; i <= 10; i += 1) await throttle.attempt(`2001:db8::${i}`, wrong)
  await assert.rejects(throttle.attempt('2001:db8:0:0:9:9:9:9', right), refused)
  assert.equal(await throttle.attempt('2001:db8:0:1::1', right), 'in')
  for (let i = 0; i < 10; i += 1) await throttle.attempt('::ffff:192.0.2.1', wrong)
  assert.equal(await throttle.attempt('::ffff:192.0.2.2', right), 'in')
})

test('memory is bounded however many addresses come', async () => {
  const { throttle } = setUp()
  for (let i = 0; i < 6000; i += 1) await throttle.attempt(`10.0.${i >> 8}.${i & 255}`, wrong)
  assert.equal(throttle.size, 4096)
})

test('two run at once, 64 wait, the next is refused; a failing check frees its place', async () => {
  const { throttle } = setUp()
  let running = 0
  let most = 0
  let open = () => {}
  const gate = new Promise<void>(resolve => {
    open = resolve
  })
  const check = async () => {
    running += 1
    most = Math.max(most, running)
    await gate
    running -= 1
    throw new Error('the disk is gone')
  }
  const all = Array.from({ length: 66 }, (_, i) => throttle.attempt(`10.0.0.${i}`, check))
  await assert.rejects(throttle.attempt('10.0.1.1', right), refused)
  open()
  const results = await Promise.allSettled(all)
  assert.ok(results.every(result => result.status === 'rejected' && result.reason.message === 'the disk is gone'))
  assert.equal(most, 2)
  assert.equal(await throttle.attempt('10.0.1.1', right), 'in')
})
