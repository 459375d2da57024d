import { type Citation, cite } from '../citations/citation.ts'
import type { GoldenReader } from '../citations/golden-reader.ts'
import { linesOf } from '../citations/lines.ts'
import { decodeSource } from '../parse/decode.ts'
import type { Golden, Passage, SearchIndex } from '../search/passage.ts'
import { search } from '../search/search.ts'

export type Library = { readonly index: SearchIndex; readonly golden: Golden; readonly reader: GoldenReader }

export type Retrieved = { readonly citation: Citation; readonly text: string }

const PASSAGES = 8
const LINES_MAX = 80
const TEXT_MAX = 4_000
/** A question that goes on ("and in tests?") says little by itself. */
const EARLIER = 2

type Asked = { question: string; earlier: readonly string[]; selection: string | undefined }

/**
 * The golden passages for a question: by its own words first, then with the questions before it, then by what is
 * selected. Each is read from the repository, so that what a model sees is what its citation leads to.
 */
export async function retrieve({ index, golden, reader }: Library, asked: Asked): Promise<Retrieved[]> {
  const { question, earlier, selection } = asked
  const before = earlier.slice(-EARLIER)
  const texts = [
    question,
    ...(before.length > 0 ? [[...before, question].join('\n')] : []),
    ...(selection ? [selection] : []),
  ]
  const lists = texts.map(text => search(index, text, { golden, limit: PASSAGES }))
  const retrieved: Retrieved[] = []
  for (const passage of interleave(lists)) {
    if (retrieved.length === PASSAGES) break
    const one = await readPassage(passage, reader)
    if (one) retrieved.push(one)
  }
  return retrieved
}

/** The best of each list, then the second of each …, each place once. */
function interleave(lists: readonly (readonly Passage[])[]): Passage[] {
  const places = new Map<string, Passage>()
  for (let rank = 0; rank < PASSAGES; rank++) {
    for (const list of lists) {
      const passage = list[rank]
      if (passage) places.set(`${passage.repository}\0${passage.path}\0${passage.startLine}`, passage)
    }
  }
  return [...places.values()]
}

/** Cut where it is long: the citation is of the lines that are given, not of more. */
async function readPassage(passage: Passage, reader: GoldenReader): Promise<Retrieved | undefined> {
  const bytes = await reader.read(passage)
  if (bytes === undefined) return undefined
  const { startLine } = passage
  for (let endLine = Math.min(passage.endLine, startLine + LINES_MAX - 1); endLine >= startLine; endLine--) {
    const lines = linesOf(bytes, { startLine, endLine })
    if (lines === undefined || lines.length > TEXT_MAX) continue
    const citation = await cite({ ...passage, endLine }, reader)
    const text = decodeSource(lines)
    return citation && text !== undefined ? { citation, text } : undefined
  }
  return undefined
}
