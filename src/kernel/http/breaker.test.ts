import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createBreaker } from './breaker.ts'
import { manualClock } from './clock.fixture.ts'
import { parseRetryAfter, RETRY, retryDelay } from './retry.ts'

const resting = { code: 'HOST_RESTING' }

test('a host rests after failures in a row, is tried once, and is trusted again when that goes well', async () => {
  const clock = manualClock(1)
  const breaker = createBreaker({ clock, failures: 3, restMs: 1000, restMaxMs: 4000 })
  for (const outcome of ['bad', 'bad', 'good', 'bad', 'bad'] as const) breaker.enter('h')(outcome)
  assert.equal(breaker.state('h'), 'closed')
  breaker.enter('h')('bad')
  assert.equal(breaker.state('h'), 'open')
  assert.throws(() => breaker.enter('h'), resting)
  breaker.enter('other')('good')
  await clock.advance(1000)
  assert.equal(breaker.state('h'), 'half-open')
  const probe = breaker.enter('h')
  assert.throws(() => breaker.enter('h'), resting, 'one probe at a time')
  probe('good')
  assert.equal(breaker.state('h'), 'closed')
  breaker.enter('h')('good')
})

test('a probe that fails doubles the rest, up to a limit; one that was given up is only repeated', async () => {
  const clock = manualClock(1)
  const breaker = createBreaker({ clock, failures: 1, restMs: 1000, restMaxMs: 3000 })
  breaker.enter('h')('bad')
  for (const rest of [1000, 2000, 3000, 3000]) {
    await clock.advance(rest - 1)
    assert.throws(() => breaker.enter('h'), resting)
    await clock.advance(1)
    breaker.enter('h')('unknown')
    breaker.enter('h')('bad')
  }
})

test('failures of requests that were under way do not lengthen the rest', async () => {
  const clock = manualClock(1)
  const breaker = createBreaker({ clock, failures: 2, restMs: 1000 })
  const running = [1, 2, 3, 4].map(() => breaker.enter('h'))
  for (const tell of running) tell('bad')
  await clock.advance(1000)
  assert.equal(breaker.state('h'), 'half-open')
})

test('the wait before a retry is drawn from a window that doubles, to an end', () => {
  const waits = (random: number) => [1, 2, 3, 4].map(failed => retryDelay(RETRY, manualClock(random), failed))
  assert.deepEqual(waits(1), [200, 400, 800, undefined])
  assert.deepEqual(waits(0), [0, 0, 0, undefined])
  assert.equal(retryDelay({ ...RETRY, attempts: 99 }, manualClock(1), 50), RETRY.maxMs)
})

test('Retry-After adds to the wait; too long a wait is none', () => {
  assert.equal(retryDelay(RETRY, manualClock(0.5), 1, '2'), 2100)
  assert.equal(retryDelay(RETRY, manualClock(0.5), 1, '31'), undefined)
  assert.equal(retryDelay(RETRY, manualClock(0.5), 1, 'soon'), 100)
  assert.equal(parseRetryAfter('Wed, 21 Oct 2015 07:28:10 GMT', Date.UTC(2015, 9, 21, 7, 28)), 10_000)
  assert.equal(parseRetryAfter('Wed, 21 Oct 2015 07:28:00 GMT', Date.UTC(2020, 0)), 0)
})
