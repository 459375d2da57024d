import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path/posix'
import { readSource, type Source } from './source.ts'

/** Every file that the rules look at, read once. */
export type House = {
  /** `.ts`, `.tsx` and `.mjs` under the folders below. */
  readonly sources: readonly Source[]
  /** All paths in them, also README files. */
  readonly texts: ReadonlyMap<string, string>
}

const FOLDERS = ['src', 'house', 'test', 'bench', 'bin', 'web', 'editors']

/** What breaks a rule: where, and what to do instead. */
export type Breach = { readonly path: string; readonly line?: number; readonly says: string }

export function formatBreach({ path, line, says }: Breach): string {
  return `${path}${line === undefined ? '' : `:${line}`}  ${says}`
}

export function buildHouse(texts: ReadonlyMap<string, string>): House {
  const sources = [...texts]
    .filter(([path]) => /\.(ts|tsx|mjs)$/.test(path))
    .map(([path, text]) => readSource(path, text))
  return { sources, texts }
}

/** `root`: the repository's folder. */
export function readHouse(root: string): House {
  const texts = new Map<string, string>()
  const walk = (folder: string) => {
    for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
      const path = `${folder}/${entry.name}`
      // What a run leaves behind is in folders with a dot.
      if (entry.name.startsWith('.') || entry.name === 'node_modules') continue
      if (entry.isDirectory()) walk(path)
      else if (/\.(ts|tsx|mjs|md)$/.test(entry.name)) texts.set(path, readFileSync(join(root, path), 'utf8'))
    }
  }
  for (const folder of FOLDERS) walk(folder)
  return buildHouse(texts)
}

/** `src/registry/…` → `registry`; undefined for `src/main.ts` and everything outside `src`. */
export function roomOf(path: string): string | undefined {
  const [top, room, rest] = path.split('/')
  return top === 'src' && rest !== undefined ? room : undefined
}

/** A test, or what several tests share. */
export function isTest(path: string): boolean {
  return path.endsWith('.test.ts') || path.endsWith('.fixture.ts')
}
