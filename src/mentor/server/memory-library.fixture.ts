import { DatabaseSync } from 'node:sqlite'
import { type Golden, goldenReader } from '../citations/golden.fixture.ts'
import type { Mined } from '../norms/mine-index.ts'
import { mineNorms } from '../norms/mine-norms.ts'
import type { Observation } from '../norms/norm.ts'
import { observe } from '../norms/observe.ts'
import { languageOf } from '../parse/language.ts'
import { createParser } from '../parse/parser.ts'
import { searchTables } from '../search/tables.ts'
import type { Library } from './library.ts'

/** Golden repositories in memory, parsed and mined as the index does it. Tests only. */
export async function memoryLibrary(golden: Golden): Promise<Library> {
  const db = new DatabaseSync(':memory:')
  db.exec('CREATE TABLE golden_file (repository TEXT, "commit" TEXT, path TEXT, artifact INTEGER) STRICT')
  db.exec(searchTables.schema)
  const rows = searchTables.open(db)
  const place = db.prepare('INSERT INTO golden_file VALUES (?, ?, ?, ?)')
  const parser = await createParser({ monotonic: () => 0 })
  const observations: Observation[] = []
  let artifact = 0
  for (const [repository, commits] of Object.entries(golden)) {
    const { commit = '', files = {} } = commits.at(-1) ?? {}
    const facts = { paths: new Set(Object.keys(files)) }
    for (const [path, text] of Object.entries(files)) {
      const language = languageOf(path)
      if (language === undefined || typeof text !== 'string') continue
      await parser.ready(language)
      using parsed = parser.parse(path, text)
      if (parsed === undefined) continue
      rows.add(++artifact, parsed)
      place.run(repository, commit, path, artifact)
      observations.push(...observe(parsed, facts).map(one => ({ ...one, repository, commit })))
    }
  }
  const known = new Map<object, Mined>()
  return {
    reader: goldenReader(golden),
    index: { db },
    use: () => undefined,
    async mined(config) {
      const mined = known.get(config) ?? mineNorms(observations, config.norms)
      known.set(config, mined)
      return mined
    },
    status: () => ({ path: ':memory:', bytes: 0, indexing: undefined, repositories: [], trouble: undefined }),
    refresh: async () => ({ repositories: [], milliseconds: 0 }),
    wipe: async () => undefined,
    repair: async () => [],
    close: () => db.close(),
  }
}
