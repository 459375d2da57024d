import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Citation, cite } from './citation.ts'
import { commitOf, type Golden, goldenReader } from './golden.fixture.ts'
import { linesOf } from './lines.ts'
import { verifyCitation } from './verify-citation.ts'

const first = commitOf('a')
const second = commitOf('b')
const file = 'one\nfunction two() {\n  return 2\n}\nfive\n'

async function cited(golden: Golden, startLine = 2, endLine = 4): Promise<Citation> {
  const at = { repository: 'acme/web', commit: first, path: 'src/a.ts', startLine, endLine }
  const citation = await cite(at, goldenReader(golden))
  assert.ok(citation)
  return citation
}

const before = (): Golden => ({ 'acme/web': [{ commit: first, files: { 'src/a.ts': file } }] })

test('lines are those of the bytes', () => {
  const bytes = Buffer.from('a\r\nb\xff\n\nd', 'latin1')
  const text = (startLine: number, endLine: number) => {
    const found = linesOf(bytes, { startLine, endLine })
    return found && Buffer.from(found).toString('latin1')
  }
  assert.equal(text(1, 1), 'a\r')
  assert.equal(text(1, 2), 'a\r\nb\xff')
  assert.equal(text(3, 3), '')
  assert.equal(text(3, 4), '\nd')
  assert.equal(text(4, 5), undefined)
  assert.equal(text(2, 1), undefined)
  assert.equal(text(0, 1), undefined)
  assert.equal(linesOf(Buffer.from(''), { startLine: 1, endLine: 1 }), undefined)
  assert.equal(linesOf(Buffer.from('a\n'), { startLine: 2, endLine: 2 }), undefined)
})

test('a place that leads to nothing is not cited', async () => {
  const reader = goldenReader(before())
  const at = { repository: 'acme/web', commit: first, path: 'src/a.ts', startLine: 5, endLine: 6 }
  assert.equal(await cite(at, reader), undefined)
  assert.equal(await cite({ ...at, startLine: 1, endLine: 1, path: 'src/b.ts' }, reader), undefined)
})

test('bytes that are there at its commit are the same, and are read again each time', async () => {
  const golden = before()
  const citation = await cited(golden)
  golden['acme/web']?.push({ commit: second, files: {} })
  const reader = goldenReader(golden)
  assert.deepEqual(await verifyCitation(citation, reader), { state: 'same' })
  assert.deepEqual(await verifyCitation(citation, reader), { state: 'same' })
  assert.equal(reader.reads, 2)
})

test('a citation whose lines or hash were changed is not the same', async () => {
  const golden = before()
  const citation = await cited(golden)
  const reader = goldenReader(golden)
  assert.deepEqual(await verifyCitation({ ...citation, hash: '0'.repeat(64) }, reader), { state: 'gone' })
  assert.deepEqual(await verifyCitation({ ...citation, startLine: 1, endLine: 3 }, reader), {
    state: 'moved',
    to: citation,
  })
})

test('moved lines, a renamed file and a moved folder are found at the commit that is golden now', async () => {
  const golden = before()
  const citation = await cited(golden)
  const moved = `// new\n\n${file}`
  for (const path of ['src/a.ts', 'src/renamed.ts', 'lib/deep/a.ts']) {
    golden['acme/web'] = [{ commit: second, files: { 'src/other.ts': 'x\n', 'x.md': file, [path]: moved } }]
    assert.deepEqual(await verifyCitation(citation, goldenReader(golden)), {
      state: 'moved',
      to: { ...citation, commit: second, path, startLine: 4, endLine: 6 },
    })
  }
})

test('of two occurrences the nearest is taken, and its own file before others', async () => {
  const golden = before()
  const citation = await cited(golden)
  const twice = `${file}${'\n'.repeat(20)}${file}`
  golden['acme/web'] = [{ commit: second, files: { 'lib/a.ts': file, 'src/a.ts': `\n${twice}` } }]
  const found = await verifyCitation(citation, goldenReader(golden))
  assert.ok(found.state === 'moved')
  assert.deepEqual([found.to.path, found.to.startLine], ['src/a.ts', 3])
})

test('a passage that differs by one space is gone, as is one whose repository is no longer golden', async () => {
  const golden = before()
  const citation = await cited(golden)
  golden['acme/web'] = [{ commit: second, files: { 'src/a.ts': file.replace('  return', '   return') } }]
  assert.deepEqual(await verifyCitation(citation, goldenReader(golden)), { state: 'gone' })
  assert.deepEqual(await verifyCitation(citation, goldenReader({})), { state: 'gone' })
})

test('looking for a passage ends, however many files there are', async () => {
  const golden = before()
  const citation = await cited(golden)
  const files = Object.fromEntries(Array.from({ length: 2_000 }, (_, i) => [`src/f${i}.ts`, `${i}\n`]))
  golden['acme/web'] = [{ commit: second, files }]
  const reader = goldenReader(golden)
  assert.deepEqual(await verifyCitation(citation, reader), { state: 'gone' })
  assert.ok(reader.reads <= 302, `${reader.reads} files were read`)
})
