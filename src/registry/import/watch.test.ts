import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Failure } from '../../kernel/index.ts'
import { hastyClock } from '../../oci/testing/setup.fixture.ts'
import { OVER, watch } from './watch.ts'

const never = (signal: AbortSignal) =>
  new Promise<void>((_, fail) => signal.addEventListener('abort', () => fail(signal.reason), { once: true }))

/** Lets other work happen between two looks. */
function looks(on: (look: number) => boolean | Promise<boolean>) {
  let look = 0
  return async () => {
    await new Promise(done => setImmediate(done))
    return on(++look)
  }
}

test('what nobody wants any more stops, and what does not move is given up after ten minutes', async () => {
  const signal = new AbortController().signal
  const still = { steps: () => 3, brought: () => 3 }
  const over = looks(look => look < 5)
  const watched = { host: 'source.example', tally: still, report: over }
  await assert.rejects(watch({ clock: hastyClock() }, watched, signal, never), (reason: unknown) => reason === OVER)

  const clock = hastyClock()
  const slow = { ...watched, report: looks(() => true) }
  await assert.rejects(watch({ clock }, slow, signal, never), (error: Failure) => error.code === 'IMPORT_SOURCE_SLOW')
  assert.equal(Math.floor(clock.now() / 60_000), 10)
})

test('what moves now and then goes on; what the watch itself meets is thrown', async () => {
  const signal = new AbortController().signal
  const clock = hastyClock()
  const done = Promise.withResolvers<void>()
  const steps = () => Math.floor(clock.now() / (9 * 60_000))
  const report = looks(() => {
    if (clock.now() > 60 * 60_000) done.resolve()
    return true
  })
  await watch({ clock }, { host: 'x', tally: { steps, brought: () => 0 }, report }, signal, () => done.promise)

  const broken = looks(() => Promise.reject(new Error('the store is away')))
  const tally = { steps: () => 0, brought: () => 0 }
  await assert.rejects(watch({ clock }, { host: 'x', tally, report: broken }, signal, never), /the store is away/)
})
