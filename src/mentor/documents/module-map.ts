import { posix } from 'node:path'
import { isTestPath } from '../norms/test-path.ts'
import type { Place } from '../place.ts'
import type { Material, SourceFile } from './material.ts'
import { importResolver } from './resolve-import.ts'

type Module = { readonly folder: string; readonly files: number; readonly units: number }
type Link = { readonly from: string; readonly to: string; readonly imports: number; readonly example: Place }
export type ModuleMap = {
  /** The largest ones, by folder. */
  readonly modules: readonly Module[]
  /** What is not among them. */
  readonly more: number
  /** The most used first. */
  readonly links: readonly Link[]
}

/** More boxes than that are a picture of nothing. */
const MOST = 16
const FEW = 6
const HEAVY = 0.4

/** Folders as modules, and who imports whom; tests stay out of it. */
export function moduleMap({ repository, commit, files: all }: Material, goModule: string | undefined): ModuleMap {
  const files = all.filter(({ path, language }) => !isTestPath(path, language))
  const found = groups(files)
  const modules = [...found]
    .map(([folder, held]) => ({
      folder,
      files: held.length,
      units: held.reduce((sum, { units }) => sum + units.length, 0),
    }))
    .sort((a, b) => b.files - a.files || order(a.folder, b.folder))
  const shown = new Set(modules.slice(0, MOST).map(({ folder }) => folder))
  const resolve = importResolver(files, goModule)
  const moduleOf = (path: string) => deepest(path, found)
  const links = new Map<string, Link>()
  for (const file of files) {
    const from = moduleOf(file.path)
    for (const imported of file.imports) {
      const target = resolve(file, imported)
      // A folder is a module's own address, a file has one.
      const to = target === undefined ? undefined : moduleOf(posix.extname(target) === '' ? `${target}/x` : target)
      if (from === undefined || to === undefined || from === to || !shown.has(from) || !shown.has(to)) continue
      const key = `${from}\0${to}`
      const { line } = imported
      const example = links.get(key)?.example ?? { repository, commit, path: file.path, startLine: line, endLine: line }
      links.set(key, { from, to, example, imports: (links.get(key)?.imports ?? 0) + 1 })
    }
  }
  return {
    modules: modules.slice(0, MOST).sort((a, b) => order(a.folder, b.folder)),
    more: Math.max(0, modules.length - MOST),
    links: [...links.values()].sort((a, b) => b.imports - a.imports || order(a.from, b.from) || order(a.to, b.to)),
  }
}

/** Top folders, of which the largest is opened while there are few or it holds most: `src/` alone is no map. */
function groups(files: readonly SourceFile[]): Map<string, SourceFile[]> {
  let found = split(files, '.')
  for (;;) {
    const heavy = [...found]
      .filter(([, { length }]) => found.size < FEW || length > files.length * HEAVY)
      .sort((a, b) => b[1].length - a[1].length || order(a[0], b[0]))
      .map(([folder, held]) => ({ folder, parts: split(held, folder) }))
      .find(({ parts }) => parts.size > 1)
    if (heavy === undefined || found.size + heavy.parts.size > MOST) return found
    found = new Map([...[...found].filter(([folder]) => folder !== heavy.folder), ...heavy.parts])
  }
}

/** By the next folder below in which they differ; files that lie in `folder` itself keep it as theirs. */
function split(files: readonly SourceFile[], folder: string): Map<string, SourceFile[]> {
  const start = folder === '.' ? 0 : folder.length + 1
  const parts = Map.groupBy(files, ({ path }) => {
    const end = path.indexOf('/', start)
    return end === -1 ? folder : path.slice(0, end)
  })
  const [only] = parts.size === 1 ? parts.keys() : []
  return only === undefined || only === folder ? parts : split(files, only)
}

function deepest(path: string, found: ReadonlyMap<string, unknown>): string | undefined {
  for (let folder = posix.dirname(path); ; folder = posix.dirname(folder)) {
    if (found.has(folder)) return folder
    if (folder === '.' || folder === '/') return undefined
  }
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
