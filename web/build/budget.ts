import { gzipSync } from 'node:zlib'
import type { Plugin, Rolldown } from 'vite'

/** Gzipped JavaScript, bytes: what somebody waits for who comes for the first time, and who opens one page more. */
const FIRST_ROUTE = 200_000
const LAZY_ROUTE = 60_000

type Chunk = Rolldown.OutputChunk

/** Fails the build where the first page or a lazy one is heavier than it may be. `firstPage`: the module that opens first. */
export function budget({ firstPage }: { firstPage: string }): Plugin {
  return {
    name: 'towpath-budget',
    apply: 'build',
    generateBundle(_options, bundle) {
      const chunks = new Map(Object.values(bundle).flatMap(one => (one.type === 'chunk' ? [[one.fileName, one]] : [])))
      const entry = [...chunks.values()].find(chunk => chunk.isEntry)
      if (!entry) throw new Error('The build has no entry')
      const lazy = [...chunks.values()].filter(chunk => chunk.isDynamicEntry)
      const first = lazy.find(chunk => chunk.facadeModuleId?.endsWith(firstPage))
      if (!first) throw new Error(`${firstPage} is no page that is loaded lazily`)
      const shell = closure([entry], chunks)
      const opened = closure([entry, first], chunks)

      const rows = [
        { name: 'first route', size: weight(opened), limit: FIRST_ROUTE },
        ...lazy
          .filter(chunk => chunk !== first)
          .map(chunk => {
            const more = closure([chunk], chunks).difference(shell)
            return { name: chunk.name, size: weight(more), limit: LAZY_ROUTE }
          }),
      ]
      for (const { name, size, limit } of rows.sort((a, b) => b.size - a.size)) {
        this.info(`${name.padEnd(16)} ${kilobytes(size)} of ${kilobytes(limit)}, gzipped`)
      }
      const heavy = rows.filter(({ size, limit }) => size > limit)
      if (heavy.length === 0) return
      const told = heavy.map(({ name, size, limit }) => `${name}: ${kilobytes(size)}, at most ${kilobytes(limit)}`)
      this.error(`Too heavy: ${told.join('; ')}. Import less, or load a part of the page when it is opened`)
    },
  }
}

/** The chunks and all that they import before they run. */
function closure(starts: readonly Chunk[], chunks: ReadonlyMap<string, Chunk>): Set<Chunk> {
  const seen = new Set<Chunk>()
  const walk = (chunk: Chunk | undefined) => {
    if (!chunk || seen.has(chunk)) return
    seen.add(chunk)
    for (const name of chunk.imports) walk(chunks.get(name))
  }
  for (const chunk of starts) walk(chunk)
  return seen
}

function weight(chunks: ReadonlySet<Chunk>): number {
  return [...chunks].reduce((sum, chunk) => sum + gzipSync(chunk.code, { level: 9 }).length, 0)
}

function kilobytes(bytes: number): string {
  return `${(bytes / 1000).toFixed(1)} kB`
}
