import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { search } from '@jmespath-community/jmespath'
import fc from 'fast-check'
import { answerQuery, checkQuery } from './query.ts'

type Case = { expression: string; result?: unknown; error?: string }

test('the library answers as the suite of jmespath.py says, which is what az asks', () => {
  const [, ...suites] = readFileSync(new URL('query-compliance.jsonl', import.meta.url), 'utf8')
    .trim()
    .split('\n')
    .map((line): { file: string; given: never; cases: Case[] } => JSON.parse(line))
  let tried = 0
  for (const { file, given, cases } of suites) {
    for (const { expression, result, error } of cases) {
      // The community's specification takes one backslash of two, jmespath.py both.
      if (expression === "'\\\\'") continue
      const ask = () => search(given, expression, { enable_legacy_literals: true }) ?? null
      if (error) assert.throws(ask, `${file}: ${expression}`)
      else assert.deepEqual(ask(), result, `${file}: ${expression}`)
      tried++
    }
  }
  assert.ok(tried > 850, `only ${tried} were found`)
})

test('a wrong query is named with the place where it goes wrong', async () => {
  for (const [query, at] of [
    ['a b', 3],
    ['foo.bar.', 9],
    ['a[?b==]', 7],
    ['[].{Name: name, id}', 19],
    ['name # all', 6],
    ['"name', 1],
    ['a.[b, c', 8],
    ['', 1],
  ] as const) {
    await assert.rejects(checkQuery(query), (error: Error & { code?: string }) => {
      assert.equal(error.code, 'CLI_USAGE')
      assert.match(error.message, new RegExp(`, at character ${at}\n`), query)
      assert.equal(error.message.split('\n').at(-1), `${' '.repeat(at - 1)}^`)
      return true
    })
  }
})

test('what is right is taken, with the words that az takes', async () => {
  for (const query of ['@', '[?name==`team`].id | [0]', 'sort_by(@, &name)[-1].{Name: name}']) await checkQuery(query)
  const rows = [{ name: 'b' }, { name: 'a', id: 1 }]
  assert.deepEqual(await answerQuery('[?name==`a`].id', rows), [1])
  assert.deepEqual(await answerQuery('sort_by(@, &name)[].name', rows), ['a', 'b'])
  assert.equal(await answerQuery('nope', rows[0]), null)
  assert.equal(await answerQuery('constructor', {}), null)
})

test('any text is a query or a failure that says so', async () => {
  const piece = fc.constantFrom(
    'a',
    '.',
    '[',
    ']',
    '{',
    ':',
    '}',
    '*',
    '?',
    "'",
    '"',
    '`',
    '&',
    '|',
    '(',
    ')',
    ',',
    '1',
    ' ',
    '😀',
  )
  await fc.assert(
    fc.asyncProperty(fc.array(piece, { maxLength: 12 }), async pieces => {
      const query = pieces.join('')
      await checkQuery(query).catch(error => assert.equal(error.code, 'CLI_USAGE', query))
    }),
    { numRuns: 500 },
  )
})

test('a query that asks for too much ends', async () => {
  await assert.rejects(checkQuery('a'.repeat(5000)), /5000 characters/)
  await assert.rejects(checkQuery('('.repeat(4000)), /nested too deep/)
  // Which bound is met first is up to the machine.
  const ends = /takes more than \d+ MB|not answered within/
  await assert.rejects(answerQuery(`${'[@,@][]|'.repeat(60)}@`, 1), ends)
  await assert.rejects(answerQuery(`${'[@,@]|'.repeat(60)}@`, 1), ends)
})

test('what a function refuses is said', async () => {
  await assert.rejects(answerQuery('nope(@)', {}), /Unknown function: nope/)
  await assert.rejects(answerQuery('length(`1`)', {}), /length\(\) expected/)
})
