import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Norm } from '../norms/norm.ts'
import { golden } from '../search/search.fixture.ts'
import { library } from './documents.fixture.ts'
import { makeDocument } from './make-document.ts'

const text = 'try {\n  go()\n} catch (cause) {\n  throw new Error("x", { cause })\n}\n'
const { index, reader } = library({
  'acme/a': { 'src/a.ts': { text, units: [] } },
  'acme/b': { 'src/b.ts': { text: 'try {} catch {}\n// ``` <b>\n', units: [] } },
})
const place = (repository: string, path: string, startLine: number, endLine: number) => ({
  repository,
  commit: 'c'.repeat(40),
  path,
  startLine,
  endLine,
})
const norm: Norm = {
  id: 'errors/cause:exported@tests',
  language: 'typescript',
  answer: 'binds it',
  agree: 39,
  cases: 40,
  repositories: 2,
  share: 0.9757,
  examples: [place('acme/a', 'src/a.ts', 3, 5), place('acme/a', 'src/gone.ts', 1, 1)],
  dissent: [{ repository: 'acme/b', answer: 'drops it', count: 1, places: [place('acme/b', 'src/b.ts', 1, 2)] }],
}
const open: Norm = { ...norm, id: 'docs/full-stop', language: 'go', share: 0.6, agree: 24 }
const sources = {
  index,
  reader,
  golden: golden('acme/b', 'acme/a'),
  mined: { norms: [norm], undecided: [open], thresholds: { agreement: 0.95, cases: 30, repositories: 2 } },
  signal: new AbortController().signal,
  wordsFor: async () => ({ nudge: 'Which error was it?', why: 'The reader of `e` <never> learns.' }),
}

test('a norm is told with counts, examples for and against, and who dissents', async () => {
  const { markdown } = await makeDocument('codeStyle', sources)
  for (const part of [
    '| acme/a | cccccccccccc | 1 |\n| acme/b | cccccccccccc | 1 |',
    '## TypeScript\n\n### Errors\n\n#### Cause: exported, in tests\n\n`binds it` in 39 of 40 places, by 2 repositories. The reader of `e` \\<never\\> learns. As in `acme/a@cccccccccccc:src/a.ts#L3-L5`.',
    '97.5 % agree; `errors/cause:exported@tests`. `acme/a@cccccccccccc:src/a.ts#L3-L5`\n',
    '```typescript\n} catch (cause) {\n  throw new Error("x", { cause })\n}\n```',
    '````typescript\ntry {} catch {}\n// ``` <b>\n````',
    '- `acme/b` answers `drops it` 1 ×: `acme/b@cccccccccccc:src/b.ts#L1-L2`',
    '## go'.replace('go', 'Go'),
    '### Undecided\n\n| question |',
    '| `docs/full-stop` | `binds it` | 24 of 40 | 60 % | 2 | `drops it` 1 | `acme/a@cccccccccccc:src/a.ts#L3-L5` |',
  ]) {
    assert.ok(markdown.includes(part), `${part}\n---\n${markdown}`)
  }
  assert.ok(!markdown.includes('gone.ts'))
  assert.ok(!markdown.includes('\n\n\n'))
})

test('paragraphs pass the teller, and only they', async () => {
  const { markdown } = await makeDocument('codeStyle', { ...sources, tell: async paragraph => `«${paragraph}»` })
  assert.equal(markdown.split('«').length, 2)
  assert.ok(markdown.includes('«`binds it` in 39 of 40'))
})

test('without norms it says so by its numbers', async () => {
  const none = { ...sources.mined, norms: [], undecided: [] }
  const { markdown, citations } = await makeDocument('codeStyle', { ...sources, mined: none })
  assert.match(markdown, /0 norms, 0 questions undecided/)
  assert.equal(citations.length, 0)
})
