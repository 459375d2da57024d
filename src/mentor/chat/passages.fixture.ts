import assert from 'node:assert/strict'
import { cite } from '../citations/citation.ts'
import { commitOf, type Golden, goldenReader } from '../citations/golden.fixture.ts'
import { type GivenPassages, givenPassages } from './given.ts'

export const PATH = 'src/errors.ts'
export const FILES: Record<string, string> = {
  [PATH]: "export function fail(cause) {\n  throw new Error('x', { cause })\n}\n",
  'src/retry.ts': '// see https://example.org/retry\nexport const retry = 3\nnpm install left pad\n',
}

/** Two passages, numbered 1 and 2, of a repository that may be changed under them. Tests only. */
export async function twoPassages(): Promise<{ passages: GivenPassages; golden: Golden }> {
  const golden: Golden = { 'acme/web': [{ commit: commitOf('a'), files: { ...FILES } }] }
  const reader = goldenReader(golden)
  const passages = givenPassages(reader)
  for (const [path, text] of Object.entries(FILES)) {
    const at = { repository: 'acme/web', commit: commitOf('a'), path, startLine: 1, endLine: 3 }
    const citation = await cite(at, reader)
    assert.ok(citation)
    passages.add(citation, text)
  }
  return { passages, golden }
}
