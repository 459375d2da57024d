import assert from 'node:assert/strict'
import { languageOf } from './language.ts'
import type { Parsed } from './parsed.ts'
import { createParser } from './parser.ts'

/** Its clock stands: no test depends on how long a parse takes here. */
const parser = await createParser({ monotonic: () => 0 })

/** A source that is one of ours. Trees of tests live as long as the test's process. */
export async function parsed(path: string, text: string): Promise<Parsed> {
  const language = languageOf(path)
  assert.ok(language)
  await parser.ready(language)
  const file = parser.parse(path, text)
  assert.ok(file)
  return file
}

export { parser }
