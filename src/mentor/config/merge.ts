import { resolve } from 'node:path'
import type { z } from 'zod'
import type { Complain, ParsedFile } from './parse.ts'
import type { shapes } from './schema.ts'
import { distinctName, readSource } from './source.ts'
import type { Endpoint, GoldenSource, MentorConfig } from './types.ts'

export type Layer = {
  folder: string
  parsed: ParsedFile
  complain: Complain
  /** Whether the user allowed on this machine what the file says of servers and programs. */
  allowed: boolean
}

/** Of what is merged; documents are files to read, see `documents.ts`. */
export type Merged = Omit<MentorConfig, 'documents'>
type Above = Omit<Merged, 'golden'> & { host: string | undefined; golden: ReadonlyMap<string, GoldenSource> }

const NOTHING: Above = {
  name: undefined,
  version: undefined,
  host: undefined,
  golden: new Map(),
  norms: { agreement: 0.95, cases: 30, repositories: 2, off: [], each: {} },
  mute: [],
  model: undefined,
  embeddings: undefined,
  privacy: { never: [] },
  hints: { pause: 600, limit: 3, mode: 'learning', fading: { kept: 5, days: 14 } },
  handlers: [],
}

/** `layers` from the root down: what is nearer wins, and lists are united. */
export function mergeLayers(layers: readonly Layer[]): Merged {
  const { host, golden, ...merged } = layers.reduce(merge, NOTHING)
  return { ...merged, golden: withDistinctNames([...golden.values()]) }
}

function merge(above: Above, layer: Layer): Above {
  const { folder, parsed, allowed } = layer
  const host = parsed.host ?? above.host
  const { off = [], each = {}, ...thresholds } = parsed.norms ?? {}
  const { fading, ...hints } = parsed.hints ?? {}
  const fades = fading === undefined ? above.hints.fading : fading === false ? undefined : fading
  return {
    host,
    name: parsed.name ?? above.name,
    version: parsed.version ?? above.version,
    golden: new Map([...above.golden, ...goldenOf(layer, host)]),
    norms: {
      ...above.norms,
      ...thresholds,
      off: [...new Set([...above.norms.off, ...off])],
      each: { ...above.norms.each, ...each },
    },
    mute: [...parsed.mute.map(({ value }) => ({ ...value, folder })), ...above.mute],
    privacy: { never: [...above.privacy.never, ...(parsed.privacy?.never ?? []).map(glob => ({ folder, glob }))] },
    hints: { ...above.hints, ...hints, fading: fades },
    model: allowed && parsed.model ? endpoint(parsed.model, folder) : above.model,
    embeddings: allowed && parsed.embeddings ? endpoint(parsed.embeddings, folder) : above.embeddings,
    handlers: [...above.handlers, ...(allowed ? parsed.handlers.map(({ value }) => ({ ...value, folder })) : [])],
  }
}

type Given = z.infer<(typeof shapes)['model' | 'embeddings']>

function endpoint<G extends Given>(given: G, folder: string): G & Pick<Endpoint, 'headers'> {
  const { ca, headers = {} } = given
  return { ...given, headers, ...(ca === undefined ? {} : { ca: resolve(folder, ca) }) }
}

function goldenOf({ folder, parsed, complain }: Layer, host: string | undefined): Map<string, GoldenSource> {
  const found = new Map<string, GoldenSource>()
  for (const { value, path } of parsed.repositories) {
    const { source: text, ...said } = typeof value === 'string' ? { source: value } : value
    const read = readSource(text, { folder, host })
    if ('says' in read) {
      complain(typeof value === 'string' ? path : [...path, 'source'], read)
      continue
    }
    const { same, ...source } = read
    if (found.has(same))
      complain(path, { says: 'is listed above already', fix: 'Keep one of them', severity: 'warning' })
    found.set(same, { include: [], exclude: [], weight: 1, topics: [], ...source, ...said })
  }
  return found
}

/** Two folders may have one name; citations must not. */
function withDistinctNames(golden: readonly GoldenSource[]): GoldenSource[] {
  const taken = new Set<string>()
  return golden.map(one => {
    const name = taken.has(one.name) ? distinctName(one.name, one.source) : one.name
    taken.add(name)
    return { ...one, name }
  })
}
