import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { writeGolden } from './golden.ts'
import { machine } from './mentor.ts'

test('documents of what is indexed: cited, the same again, in a format of one’s own, never over what people wrote', {
  timeout: 120_000,
}, async t => {
  const one = machine(t)
  const { project, run, done, write } = one
  writeGolden(one)
  write({ 'project/archangel.json': { repositories: ['acme/payments', 'acme/orders', '../golden'] } })
  const early = await run(['mentor', 'docs'])
  assert.deepEqual([early.code, /towpath mentor index/.test(early.stderr)], [4, true])
  await done(['mentor', 'index'])

  const rows = JSON.parse(await done(['mentor', 'docs', '-o', 'json']))
  assert.deepEqual(
    rows.map(({ document, path }: { document: string; path: string }) => [document, path]),
    [
      ['codeStyle', 'docs/code-style.md'],
      ['wiki', 'docs/wiki.md'],
    ],
  )
  const read = (path: string) => readFileSync(join(project, path), 'utf8')
  const style = read('docs/code-style.md')
  assert.match(style, /`says something` in 60 of 61 places/)
  assert.match(style, /Not like this, `local\/golden@[0-9a-f]{12}:src\/odd\.ts#L5-L5`/)
  assert.match(read('docs/wiki.md'), /^## acme\/orders\n/m)

  await done(['mentor', 'docs', '--code-style', '--out', 'again'])
  assert.equal(read('again/code-style.md'), style)
  assert.throws(() => read('again/wiki.md'), { code: 'ENOENT' })

  const config = { repositories: ['acme/payments'], documents: { wiki: { template: 'wiki-format.md' } } }
  write({
    'project/archangel.json': config,
    'project/wiki-format.md': 'Of {{#repositories}}{{repository}}{{/repositories}}',
  })
  await done(['mentor', 'docs', '--wiki'])
  assert.match(read('docs/wiki.md'), /^Of acme\/payments\n/)
  write({ 'project/wiki-format.md': 'Of {{repositry}}' })
  const wrong = await run(['mentor', 'docs', '--wiki'])
  assert.deepEqual([wrong.code === 0, /line 1: there is no "repositry"/.test(wrong.stderr)], [false, true])

  writeFileSync(join(project, 'docs/code-style.md'), '# Ours\n')
  const refused = await run(['mentor', 'docs', '--code-style'])
  assert.deepEqual([refused.code, /not written by this command/.test(refused.stderr)], [5, true])
  assert.equal(read('docs/code-style.md'), '# Ours\n')
})
