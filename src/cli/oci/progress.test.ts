import assert from 'node:assert/strict'
import { test } from 'node:test'
import { stripVTControlCharacters } from 'node:util'
import { createProgress, formatBytes } from './progress.ts'

function screen(isTTY: boolean) {
  const written: string[] = []
  return { written, isTTY, columns: 80, write: (text: string) => written.push(text) }
}

test('without a terminal there is one plain line for each thing that is done', () => {
  const out = screen(false)
  const progress = createProgress(out, { monotonic: () => 0 })
  progress.expect(100)
  progress.at('a', 'abc', 50, 100)
  progress.at('a', 'abc', 100, 100, 'sent')
  progress.end()
  assert.deepEqual(out.written, ['sent     abc 100 B\n'])
})

test('on a terminal bars are drawn over each other, not at every byte', () => {
  let now = 0
  const out = screen(true)
  const progress = createProgress(out, { monotonic: () => now }, { color: true })
  progress.expect(2000)
  for (let at = 0; at <= 1000; at += 10) progress.at('a', 'abc', at, 1000)
  assert.equal(out.written.length, 2)
  now = 1000
  progress.at('a', 'abc', 500, 1000)
  const plain = stripVTControlCharacters(out.written.join(''))
  assert.match(plain, /abc +━{12}╌{12} +50 % 1\.0 kB\ntotal +━{6}╌{18} +25 % 2\.0 kB, 500 B\/s\n$/)
  assert.ok(out.written.includes('\u001b[2A\u001b[J'))
})

test('quiet says nothing', () => {
  const out = screen(true)
  const progress = createProgress(out, { monotonic: () => 0 }, { quiet: true })
  progress.at('a', 'abc', 1, 1, 'sent')
  progress.say('x')
  assert.deepEqual(out.written, [])
})

test('sizes are short', () => {
  assert.deepEqual([0, 999, 1000, 3_000_000, 2.5e12].map(formatBytes), ['0 B', '999 B', '1.0 kB', '3.0 MB', '2.5 TB'])
})
