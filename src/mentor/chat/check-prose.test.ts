import assert from 'node:assert/strict'
import { test } from 'node:test'
import { commitOf } from '../citations/golden.fixture.ts'
import { checkProse } from './check-prose.ts'
import { PATH, twoPassages } from './passages.fixture.ts'

async function checked(text: string) {
  const { passages } = await twoPassages()
  const { text: shown, backedBy, struck } = await checkProse(text, passages)
  return [shown, backedBy.map(({ number }) => number), struck]
}

test('numbers of passages that were given stay, others go', async () => {
  assert.deepEqual(await checked('A [1].'), ['A [1].', [1], []])
  assert.deepEqual(await checked('A [1, 2] and [1-3].'), ['A [1][2] and [1][2].', [1, 2], ['[3]']])
  assert.deepEqual(await checked('A [7], 【2】, [^1], [source 2], [99†a], [2024].'), [
    'A , [2], [1], [2], , .',
    [2, 1],
    ['[7]', '[99]', '[2024]'],
  ])
  assert.deepEqual(await checked('errors[1].'), ['errors [1].', [1], []])
  assert.deepEqual(await checked('errors[9].'), ['errors.', [], ['[9]']])
  assert.deepEqual(await checked(`${'w'.repeat(80)}[9]`), ['w'.repeat(80), [], ['[9]']])
})

test('an index in code is no citation, with backticks and without', async () => {
  assert.deepEqual(await checked('`items[1]` is ``b[9]``'), ['`items[1]` is ``b[9]``', [], []])
  assert.deepEqual(await checked('items[1] = 2'), ['`items[1]` = 2', [], []])
  assert.deepEqual(await checked('items[9] is it, items[0].'), ['`items[9]` is it, `items[0]`.', [], []])
})

test('places are those that were given, in text and in code', async () => {
  const place = `acme/web@aaaaaaaaaaaa:${PATH}#L1-L3`
  assert.deepEqual(await checked(`See ${place}`), [`See ${place}`, [1], []])
  assert.deepEqual(await checked(`See \`${place}\``), [`See \`${place}\``, [1], []])
  const mutated = [
    place.replace('L3', 'L4'),
    place.replace('aaaaaaaaaaaa', 'aaaaaaaaaaab'),
    place.replace('acme/web', 'acme/wib'),
    place.replace('errors', 'error'),
    place.replace('aaaaaaaaaaaa', 'aaaaaaa'),
  ]
  for (const wrong of mutated) {
    assert.deepEqual(await checked(`See ${wrong} now`), ['See  now', [], [wrong]])
    assert.deepEqual(await checked(`See \`${wrong}\``), ['See ``', [], [wrong]])
  }
  assert.deepEqual(await checked(`In ${PATH}:2 and errors.ts#L1-L3`), [`In ${PATH}:2 and errors.ts#L1-L3`, [], []])
  assert.deepEqual(await checked(`In ${PATH}:9, other.ts:1`), ['In , ', [], [`${PATH}:9`, 'other.ts:1']])
})

test('nothing in an answer can fetch or open anything', async () => {
  assert.deepEqual(await checked('![x](https://evil.example/?q=1) a'), ['x a', [], ['![x](https://evil.example/?q=1)']])
  assert.deepEqual(await checked('[1](https://evil.example)'), ['[1]', [1], ['[1](https://evil.example)']])
  assert.deepEqual(await checked('[go](command:run) [x][1]'), ['go [x][1]', [1], ['[go](command:run)']])
  assert.deepEqual(await checked('[1]: https://evil.example'), ['', [], ['[1]: https://evil.example']])
  assert.deepEqual(await checked('https://evil.example/a www.evil.example'), [
    ' ',
    [],
    ['https://evil.example/a', 'www.evil.example'],
  ])
  assert.deepEqual(await checked('<https://example.org/retry>'), ['`https://example.org/retry`', [], []])
  assert.deepEqual(await checked('<img src=x onerror=y>'), ['&lt;img src=x onerror=y>', [], []])
  assert.deepEqual(await checked('[a\nb](https://evil.example)'), ['a\nb', [], ['[a\nb](https://evil.example)']])
})

test('what moved is cited where it is now, and what is gone is struck', async () => {
  const { passages, golden } = await twoPassages()
  const text = golden['acme/web']?.[0]?.files[PATH]
  golden['acme/web'] = [{ commit: commitOf('b'), files: { 'lib/errors.ts': `// moved\n${text}` } }]
  const { text: shown, backedBy, struck } = await checkProse('A [1], b [2].', passages)
  assert.deepEqual([shown, struck], ['A [1], b .', ['[2]']])
  const [{ citation } = { citation: undefined }] = backedBy
  const before = `acme/web@aaaaaaaaaaaa:${PATH}#L1-L3`
  const again = await checkProse(`See ${before}`, passages)
  assert.equal(again.text, 'See acme/web@bbbbbbbbbbbb:lib/errors.ts#L2-L4')
  assert.deepEqual([citation?.commit, citation?.path, citation?.startLine], [commitOf('b'), 'lib/errors.ts', 2])
})

test('long hostile text is checked at once', async () => {
  const texts = [
    '['.repeat(8000),
    'a'.repeat(8000),
    'a.'.repeat(4000),
    'a@'.repeat(4000),
    '`'.repeat(8000),
    '![['.repeat(2000),
    '[1,'.repeat(2000),
  ]
  for (const text of texts) {
    const from = process.hrtime.bigint()
    await checked(text)
    assert.ok(process.hrtime.bigint() - from < 3_000_000_000n, text.slice(0, 10))
  }
})
