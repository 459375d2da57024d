import { dirname } from 'node:path'
import { type Allowed, digestOf, readAllowed } from './allowed.ts'
import { readDocuments } from './documents.ts'
import { type Found, findConfigs } from './find.ts'
import { type Layer, mergeLayers } from './merge.ts'
import { parseConfig } from './parse.ts'
import type { ConfigProblem, LoadedConfig } from './types.ts'

export type LoadOptions = {
  /** The folder that is worked in; `archangel.json` counts from here up to the root. */
  folder: string
  /** Of `placesOf`: what the user allowed is there. */
  state: string
  /** Texts that an editor has open and not saved, by real path. */
  open?: ReadonlyMap<string, string>
}

/** All `archangel.json` on the way up as one, and all that is wrong with them. */
export async function loadMentorConfig({ folder, state, open = new Map() }: LoadOptions): Promise<LoadedConfig> {
  const [found, allowed] = [await findConfigs(folder, open), await readAllowed(state)]
  const read = found.map(one => readLayer(one, allowed))
  const layers = read.flatMap(({ layer }) => layer ?? []).reverse()
  // Both may complain, so problems are gathered after them.
  const config = { ...mergeLayers(layers), documents: await readDocuments(layers) }
  return {
    config,
    files: found.filter(one => 'text' in one).map(({ file }) => file),
    problems: read.flatMap(({ problems }) => problems.toSorted((a, b) => a.start.line - b.start.line)),
    withheld: read.flatMap(({ file, layer }) => (layer ? withheldIn(file, layer) : [])),
  }
}

/** What is wrong with a text that is in no folder yet. */
export function checkConfig(file: string, text: string): ConfigProblem[] {
  const { parsed, problems, complain } = parseConfig(file, text)
  mergeLayers([{ folder: dirname(file), parsed, complain, allowed: false }])
  return problems
}

function readLayer(found: Found, allowed: Allowed): { file: string; layer?: Layer; problems: ConfigProblem[] } {
  const { file, folder } = found
  if (!('text' in found)) {
    const start = { line: 0, character: 0 }
    const says = `${file} ${found.why}`
    return { file, problems: [{ file, severity: found.severity, says, fix: found.fix, start, end: start }] }
  }
  const { parsed, problems, complain } = parseConfig(file, found.text)
  const layer = { folder, parsed, complain, allowed: allowed[file] === digestOf(parsed) }
  for (const { what } of withheldIn(file, layer)) {
    complain([what], {
      says: 'is not in force: it sends keys and code elsewhere, or runs programs',
      fix: 'Look at it, then allow it: towpath mentor allow',
      severity: 'warning',
      what: 'key',
      waits: true,
    })
  }
  return { file, layer, problems }
}

function withheldIn(file: string, { allowed, parsed }: Layer): LoadedConfig['withheld'] {
  if (allowed) return []
  const said = [...(parsed.model ? ['model' as const] : []), ...(parsed.embeddings ? ['embeddings' as const] : [])]
  return [...said, ...(parsed.handlers.length > 0 ? ['handlers' as const] : [])].map(what => ({ file, what }))
}
