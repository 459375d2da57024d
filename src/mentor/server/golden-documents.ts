import { createHash, randomUUID } from 'node:crypto'
import { mkdir, rename, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Location } from 'vscode-languageserver/node'
import { failure } from '../../kernel/index.ts'
import type { GoldenReader } from '../citations/golden-reader.ts'
import { decodeSource } from '../parse/decode.ts'
import type { Place } from '../place.ts'
import { goldenUri, parseGoldenUri } from './golden-uri.ts'

export const GoldenGone = failure('MENTOR_GOLDEN_GONE', 404, (what: string) => ({
  says: `${what} can not be read any more`,
  next: 'Refresh the index: the repository may have moved, or its commit may be gone',
}))

export type GoldenDocuments = {
  /** Where an editor opens the lines; undefined where they can't be read any more. */
  locate(place: Place): Promise<Location | undefined>
  /** The text behind a `golden:` URI. */
  text(uri: string): Promise<string>
  /** The text of the lines. */
  passage(place: Place): Promise<string | undefined>
  /** The same for a place that may be one line: with what follows, so that there is something to learn from. */
  example(place: Place): Promise<{ place: Place; text: string } | undefined>
}

export type GoldenDocumentsOptions = {
  reader: GoldenReader
  /** Where files lie for editors that can't ask for `golden:` documents; made when first needed. */
  dir: string
  /** The editor asks for them. */
  virtual: boolean
}

const LEAST_LINES = 6

/** Files of golden repositories, for reading only. */
export function createGoldenDocuments({ reader, dir, virtual }: GoldenDocumentsOptions): GoldenDocuments {
  const written = new Map<string, Promise<string>>()

  const read = async (file: Omit<Place, 'startLine' | 'endLine'>) => {
    const bytes = await reader.read(file)
    return bytes && decodeSource(bytes)
  }

  /** Once a run: a commit's file never changes. */
  function fileOf(place: Place, text: string): Promise<string> {
    const key = goldenUri(place)
    const known = written.get(key) ?? putFile(dir, place, text)
    written.set(key, known)
    known.catch(() => written.delete(key))
    return known
  }

  return {
    async locate(place) {
      const text = await read(place)
      if (text === undefined) return undefined
      const uri = virtual ? goldenUri(place) : pathToFileURL(await fileOf(place, text)).href
      return { uri, range: rangeOf(place, text) }
    },
    async text(uri) {
      const file = parseGoldenUri(uri)
      const text = file && (await read(file))
      if (text === undefined) throw GoldenGone(uri.slice(0, 200))
      return text
    },
    async passage(place) {
      const text = await read(place)
      return text === undefined ? undefined : linesOf(text, place)
    },
    async example(place) {
      const text = await read(place)
      if (text === undefined) return undefined
      const last = text.replace(/\n$/, '').split('\n').length
      const wide = { ...place, endLine: Math.min(last, Math.max(place.endLine, place.startLine + LEAST_LINES - 1)) }
      return { place: wide, text: linesOf(text, wide) }
    },
  }
}

/** In a folder named after where it comes from, so that its own path leads nowhere else. */
async function putFile(dir: string, { repository, commit, path }: Place, text: string): Promise<string> {
  const name = createHash('sha256').update(`${repository}\0${commit}\0${path}`).digest('hex').slice(0, 24)
  const folder = join(dir, name)
  const target = join(folder, basename(path).slice(-100))
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const draft = join(folder, `.${randomUUID()}.draft`)
  // Read-only: what is typed there would be lost, and would be nobody's golden code.
  await writeFile(draft, text, { mode: 0o400, flag: 'wx' })
  await rename(draft, target)
  return target
}

function linesOf(text: string, { startLine, endLine }: Place): string {
  return text
    .split('\n')
    .slice(startLine - 1, endLine)
    .join('\n')
}

function rangeOf({ startLine, endLine }: Place, text: string): Location['range'] {
  const last = text.split('\n')[endLine - 1] ?? ''
  return { start: { line: startLine - 1, character: 0 }, end: { line: endLine - 1, character: last.length } }
}
