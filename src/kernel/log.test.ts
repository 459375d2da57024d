import assert from 'node:assert/strict'
import { test } from 'node:test'
import { failure } from './failure.ts'
import { createLog, type LogOptions } from './log.ts'

function recorded(options: Partial<LogOptions> = {}) {
  const lines: string[] = []
  const log = createLog({ level: 'info', format: 'json', role: 'test', write: line => lines.push(line), ...options })
  return { log, lines, last: () => JSON.parse(lines.at(-1) ?? 'null') }
}

test('a line is JSON with time, level, role, words and fields', () => {
  const { log, last } = recorded()
  log.info({ port: 7070 }, 'Listening')
  const { time, ...rest } = last()
  assert.ok(Math.abs(Date.parse(time) - Date.now()) < 60_000)
  assert.deepEqual(rest, { level: 'info', role: 'test', port: 7070, msg: 'Listening' })
})

test('the level can change, and children made before follow it', () => {
  const { log, lines } = recorded()
  const child = log.child({ part: 'a' })
  child.debug('not yet')
  log.setLevel('debug')
  child.debug('now')
  log.setLevel('error')
  child.warn('no more')
  assert.equal(lines.length, 1)
  assert.deepEqual([JSON.parse(lines[0] ?? '').msg, JSON.parse(lines[0] ?? '').part], ['now', 'a'])
})

test('secrets never get out: by key at any depth, in texts, in errors and their causes', () => {
  const Wrong = failure('X_WRONG', 400, () => ({ says: 'No', next: 'Retry', detail: { password: 'hunter2' } }))
  const { log, lines } = recorded({ level: 'trace' })
  const url = 'postgres://admin:hunter2@db/x?sslmode=on'
  log.child({ token: 'hunter2' }).info({ headers: { Authorization: 'hunter2', 'X-Api-Key': 'hunter2' } }, 'a')
  log.warn({ list: [{ secretAccessKey: 'hunter2' }, new Map([['a', { refreshToken: 'hunter2' }]])] }, url)
  log.error({ err: Wrong().from(new Error(`connect ${url}`)) }, 'Authorization: Bearer hunter2.hunter2')
  log.info({ url: new URL('https://h/a?X-Amz-Signature=hunter2&b=1'), header: 'Basic aHVudGVyMg==' }, 'b')
  assert.equal(lines.length, 4)
  for (const line of lines) {
    assert.doesNotMatch(line, /hunter2|aHVudGVyMg/)
    assert.match(line, /\[hidden\]/)
  }
  assert.match(lines[3] ?? '', /b=1/)
})

test('what is not a secret stays', () => {
  const { log, last } = recorded()
  log.info({ key: 'a', tokens: 3, secretSet: true, digest: 'sha256:1', password: false }, 'x')
  assert.deepEqual(
    [last().key, last().tokens, last().secretSet, last().digest, last().password],
    ['a', 3, true, 'sha256:1', false],
  )
})

test('an error is logged with its code, next step, stack and cause', () => {
  const Wrong = failure('X_WRONG', 400, () => ({ says: 'No', next: 'Retry' }))
  const { log, last } = recorded()
  log.error({ err: Wrong().from(new TypeError('inner')) }, 'Failed')
  const { err } = last()
  assert.deepEqual([err.code, err.next, err.message, err.cause.type], ['X_WRONG', 'Retry', 'No', 'TypeError'])
  assert.match(err.stack, /log\.test\.ts/)
})

test('odd values do not break a line', () => {
  const circle: Record<string, unknown> = {}
  circle.self = circle
  const { log, last } = recorded()
  log.info({ circle, big: 10n, bytes: new Uint8Array(3), run: () => 1, none: undefined }, 'odd')
  assert.deepEqual([last().big, last().bytes, last().run], ['10', '[3 bytes]', '[function]'])
})

test('text is one line for each message, whatever comes from outside', () => {
  const { log, lines } = recorded({ format: 'text' })
  log.info({ path: 'a b', count: 2 }, 'Hello\n\u001b[31mforged')
  assert.match(lines[0] ?? '', /^\d\d:\d\d:\d\d\.\d{3} INFO {2}test Hello\\n\\u001b\[31mforged path="a b" count=2\n$/)
  log.error({ err: new Error('broken') }, 'Failed')
  assert.match(lines[1] ?? '', /ERROR test Failed\n {4}Error: broken\n/)
})
