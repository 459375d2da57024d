import { goldenReader } from '../citations/golden.fixture.ts'
import type { GoldenReader } from '../citations/golden-reader.ts'
import type { Import, Unit } from '../parse/parsed.ts'
import type { SearchIndex } from '../search/passage.ts'
import { memoryIndex } from '../search/search.fixture.ts'

type File = { text: string; units?: Partial<Unit>[]; imports?: Import[] }

/** Repositories in an index in memory, and a reader of the same bytes. Files without units or imports are only readable. Tests only. */
export function library(repositories: Record<string, Record<string, string | File>>): {
  index: SearchIndex
  reader: GoldenReader
} {
  const commit = 'c'.repeat(40)
  const entries = Object.entries(repositories)
  const index = memoryIndex(
    Object.fromEntries(
      entries.map(([name, files]) => [
        name,
        Object.entries(files).flatMap(([path, file]) => (typeof file === 'string' ? [] : [{ path, ...file }])),
      ]),
    ),
  )
  const texts = (files: Record<string, string | File>) =>
    Object.fromEntries(Object.entries(files).map(([path, file]) => [path, typeof file === 'string' ? file : file.text]))
  return {
    index,
    reader: goldenReader(Object.fromEntries(entries.map(([name, files]) => [name, [{ commit, files: texts(files) }]]))),
  }
}
