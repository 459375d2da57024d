import { posix } from 'node:path'
import { isTestPath } from '../norms/test-path.ts'
import type { Place } from '../place.ts'
import { splitWords } from '../search/words.ts'
import type { Material } from './material.ts'

type Counted = { readonly word: string; readonly many: number; readonly example: Place }
export type Naming = {
  readonly files: readonly Counted[]
  readonly verbs: readonly Counted[]
  readonly exported: number
}

const MOST_VERBS = 15
const FEWEST = 2

/** How files are spelt, and which words exported functions begin with. */
export function naming(materials: readonly Material[]): Naming {
  const files = new Map<string, Counted>()
  const verbs = new Map<string, Counted>()
  let exported = 0
  for (const { repository, commit, files: held } of materials) {
    for (const { path, language, units } of held) {
      if (isTestPath(path, language)) continue
      const spelling = spellingOf(posix.basename(path))
      if (spelling) add(files, spelling, { repository, commit, path, startLine: 1, endLine: 1 })
      for (const unit of units) {
        const [verb] = splitWords(unit.name)
        if (!unit.exported || (unit.kind !== 'function' && unit.kind !== 'method') || verb === undefined) continue
        exported++
        add(verbs, verb, { repository, commit, path, startLine: unit.nameLine, endLine: unit.nameLine })
      }
    }
  }
  return { files: sorted(files), verbs: sorted(verbs).slice(0, MOST_VERBS), exported }
}

/** One word could be any of them. */
function spellingOf(file: string): string | undefined {
  const name = file.replace(/\.\w+$/, '')
  if (/^[a-z0-9]+(?:-[a-z0-9]+)+$/.test(name)) return 'kebab-case'
  if (/^_*[a-z0-9]+(?:_[a-z0-9]+)+_*$/.test(name)) return 'snake_case'
  if (/^[a-z][a-z0-9]*(?:[A-Z][A-Za-z0-9]*)+$/.test(name)) return 'camelCase'
  return /^[A-Z][a-z0-9]+(?:[A-Z][A-Za-z0-9]*)*$/.test(name) ? 'PascalCase' : undefined
}

function add(counts: Map<string, Counted>, word: string, place: Place): void {
  const known = counts.get(word)
  counts.set(word, { word, many: (known?.many ?? 0) + 1, example: known?.example ?? place })
}

function sorted(counts: ReadonlyMap<string, Counted>): Counted[] {
  return [...counts.values()]
    .filter(({ many }) => many >= FEWEST)
    .sort((a, b) => b.many - a.many || (a.word < b.word ? -1 : 1))
}
