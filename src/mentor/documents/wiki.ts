import { posix } from 'node:path'
import type { Place } from '../place.ts'
import { about } from './about.ts'
import { entryPoints } from './entry-points.ts'
import { glossary } from './glossary.ts'
import { LANGUAGE_NAMES } from './language-names.ts'
import { code, count, plain } from './markdown.ts'
import type { Material } from './material.ts'
import { mermaid } from './mermaid.ts'
import { moduleMap } from './module-map.ts'
import { naming } from './naming.ts'
import type { Scribe } from './scribe.ts'
import type { Values } from './template.ts'
import { testLayout } from './test-layout.ts'

const MOST_LINKS = 15

/** What the template of the Wiki is filled with. */
export async function wikiValues(materials: readonly Material[], scribe: Scribe): Promise<Values> {
  const repositories: Values[] = []
  for (const material of materials) repositories.push(await repositoryValues(material, scribe))
  const { files, verbs, exported } = naming(materials)
  return {
    repositories,
    glossary: await cited(glossary(materials), scribe, ({ name, meaning, used }) => ({
      term: code(name),
      meaning: plain(meaning, 300),
      used,
    })),
    fileNames: await cited(files, scribe, ({ word, many }) => ({ spelling: word, count: many })),
    verbs: await cited(verbs, scribe, ({ word, many }) => ({ verb: code(word), count: many })),
    exported,
  }
}

async function repositoryValues(material: Material, scribe: Scribe): Promise<Values> {
  const { repository, commit, files } = material
  const goName = await goModule(material, scribe)
  const map = moduleMap(material, goName)
  const units = files.reduce((sum, file) => sum + file.units.length, 0)
  const readme = await about(material, scribe)
  const size = `${code(repository)} at ${code(commit.slice(0, 12))}: ${count(files.length, 'file')} with ${count(units, 'unit')}, in ${languagesOf(material)}.`
  const links = await cited(map.links.slice(0, MOST_LINKS), scribe, ({ from, to, imports }) => ({
    from: code(from),
    to: code(to),
    imports,
  }))
  return {
    repository: plain(repository, 200),
    overview: await scribe.tell([size, readme].filter(Boolean).join(' ')),
    begin: await cited(entryPoints(material, goName), scribe, ({ how, place }) => ({ how, path: code(place.path) })),
    maps: map.modules.length > 1 ? [{ diagram: mermaid(map), more: map.more }] : [],
    modules: map.modules.map(({ folder, files: held, units: many }) => ({
      module: code(folder),
      files: held,
      units: many,
    })),
    linked: links.length > 0 ? [{ links }] : [],
    tests: await cited(testLayout(material), scribe, ({ placement, pattern, files: many }) => ({
      placement,
      pattern: code(pattern),
      files: many,
    })),
  }
}

/** Rows whose place still stands, each with its citation. */
async function cited<T extends { readonly place: Place } | { readonly example: Place }>(
  rows: readonly T[],
  scribe: Scribe,
  values: (row: T) => Values,
): Promise<Values[]> {
  const found: Values[] = []
  for (const row of rows) {
    const citation = await scribe.cite('place' in row ? row.place : row.example)
    if (citation !== undefined) found.push({ ...values(row), citation })
  }
  return found
}

function languagesOf({ files }: Material): string {
  const counts = Map.groupBy(files, ({ language }) => language)
  return [...counts]
    .sort((a, b) => b[1].length - a[1].length || (a[0] < b[0] ? -1 : 1))
    .map(([language, held]) => `${LANGUAGE_NAMES[language]} (${held.length})`)
    .join(', ')
}

async function goModule({ repository, commit, files }: Material, scribe: Scribe): Promise<string | undefined> {
  if (!files.some(({ path }) => posix.extname(path) === '.go')) return undefined
  const text = await scribe.text({ repository, commit, path: 'go.mod' })
  return text === undefined ? undefined : /^module\s+"?([^\s"]+)/m.exec(text.slice(0, 10_000))?.[1]
}
