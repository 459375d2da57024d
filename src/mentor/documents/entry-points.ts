import { isTestPath } from '../norms/test-path.ts'
import type { Language } from '../parse/language.ts'
import type { Place } from '../place.ts'
import type { Material } from './material.ts'
import { importResolver } from './resolve-import.ts'

type EntryPoint = { readonly how: string; readonly place: Place }
type Found = { readonly kind: 'program' | 'door'; readonly place: Place }

const MOST = 12
const MOST_IMPORTED = 5
/** What two files need may be chance. */
const FEWEST_IMPORTERS = 3
const MAIN_LANGUAGES: readonly Language[] = ['go', 'java', 'csharp']
const PROGRAM = /^(?:main|Main)$/
const DOOR = /(?:^|\/)(?:index\.[cm]?[jt]sx?|mod\.[jt]s|main\.[cm]?[jt]sx?|__init__\.py|doc\.go)$/
const LAUNCHER = /(?:^|\/)(?:__main__\.py|(?:main|cli|server|app)\.[cm]?[jt]s|bin\/[^/]+|Program\.cs)$/

/**
 * Where reading begins: what runs by itself, the doors that other code comes in by, the nearest to the root first, and the
 * files that most others import.
 */
export function entryPoints(material: Material, goModule: string | undefined): EntryPoint[] {
  const depth = ({ place }: Found) => place.path.split('/').length
  const found = programsAndDoors(material).sort((a, b) => depth(a) - depth(b) || (a.place.path < b.place.path ? -1 : 1))
  const of = (kind: Found['kind'], how: string) =>
    found
      .filter(one => one.kind === kind)
      .slice(0, MOST)
      .map(({ place }) => ({ how, place }))
  return [...of('program', 'runs'), ...of('door', 'a door'), ...mostImported(material, goModule)]
}

function programsAndDoors({ repository, commit, files }: Material): Found[] {
  return files
    .filter(({ path, language }) => !isTestPath(path, language))
    .flatMap(({ path, language, script, units }): Found[] => {
      const at = (startLine: number, endLine: number): Place => ({ repository, commit, path, startLine, endLine })
      const main = MAIN_LANGUAGES.includes(language)
        ? units.find(({ kind, name }) => kind !== 'class' && kind !== 'type' && PROGRAM.test(name))
        : undefined
      if (main) return [{ kind: 'program', place: at(main.startLine, Math.min(main.endLine, main.startLine + 19)) }]
      if (script || LAUNCHER.test(path)) return [{ kind: 'program', place: at(1, 1) }]
      return DOOR.test(path) ? [{ kind: 'door', place: at(1, 1) }] : []
    })
}

function mostImported({ repository, commit, files }: Material, goModule: string | undefined): EntryPoint[] {
  const resolve = importResolver(files, goModule)
  const importers = new Map<string, Set<string>>()
  for (const file of files) {
    if (isTestPath(file.path, file.language)) continue
    for (const imported of file.imports) {
      const target = resolve(file, imported)
      if (target !== undefined) importers.set(target, (importers.get(target) ?? new Set()).add(file.path))
    }
  }
  const held = new Set(files.map(({ path }) => path))
  return [...importers]
    .filter(([path, by]) => held.has(path) && by.size >= FEWEST_IMPORTERS)
    .sort((a, b) => b[1].size - a[1].size || (a[0] < b[0] ? -1 : 1))
    .slice(0, MOST_IMPORTED)
    .map(([path, by]) => ({
      how: `imported by ${by.size} files`,
      place: { repository, commit, path, startLine: 1, endLine: 1 },
    }))
}
