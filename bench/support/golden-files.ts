import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { decodeSource, type GoldenReader, languageOf } from '../../src/mentor/index.ts'
import type { GoldenRepository } from '../../test/mentor/golden-material.ts'

export type GoldenFile = { readonly repository: GoldenRepository; readonly path: string }

/** All paths of a golden repository. Its tree is its commit's. */
export function listPaths({ dir }: GoldenRepository): string[] {
  return readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => relative(dir, join(entry.parentPath, entry.name)))
    .filter(path => !path.startsWith('.git/'))
    .sort()
}

export function sourcesAmong(repository: GoldenRepository, paths: readonly string[]): GoldenFile[] {
  return paths.filter(path => languageOf(path) !== undefined).map(path => ({ repository, path }))
}

export function sourceOf({ repository, path }: GoldenFile): string | undefined {
  return decodeSource(readFileSync(join(repository.dir, path)))
}

/** What citations read: the files as they lie here. */
export function goldenReader(material: readonly GoldenRepository[]): GoldenReader {
  const byName = new Map(material.map(repository => [repository.name, repository]))
  return {
    read: async ({ repository, path }) => readFileSync(join(byName.get(repository)?.dir ?? '', path)),
    current: async repository => byName.get(repository)?.commit,
    paths: async repository => listPaths(byName.get(repository) ?? raise(repository)),
  }
}

function raise(repository: string): never {
  throw new Error(`${repository} is no golden repository of this bench`)
}
