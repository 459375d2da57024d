import type { Place } from '../place.ts'
import { type Citation, hashLines, hashPassage } from './citation.ts'
import type { GoldenReader } from './golden-reader.ts'
import { lineStarts, linesOf } from './lines.ts'

export type Verdict =
  | { readonly state: 'same' }
  | { readonly state: 'moved'; readonly to: Citation }
  | { readonly state: 'gone' }

// A file that was renamed is near in the list below; reading 50,000 to find out that it is not there would be a hang.
const FILES_MAX = 300
/** What is read, and what is hashed of it: each line may begin the passage. A quarter of a second. */
const BYTES_MAX = 64 * 1024 * 1024

/**
 * Reads what the citation stands on again. The same bytes at its own commit: same. Else the passage, byte for byte, is
 * looked for at the commit that is golden now: in its own file, then in the files that it may have been renamed to.
 */
export async function verifyCitation(citation: Citation, reader: GoldenReader): Promise<Verdict> {
  const file = await reader.read(citation)
  if (file && hashLines(file, citation) === citation.hash) return { state: 'same' }

  const commit = await reader.current(citation.repository)
  if (commit === undefined) return { state: 'gone' }
  const left = { bytes: BYTES_MAX }
  for (const path of await likelyPaths(citation, commit, reader)) {
    const bytes = await reader.read({ ...citation, commit, path })
    const to = bytes && findPassage(bytes, { ...citation, commit, path }, left)
    if (to) return { state: 'moved', to }
    left.bytes -= bytes?.length ?? 0
    if (left.bytes <= 0) break
  }
  return { state: 'gone' }
}

/** The occurrence that is nearest to where it was: a short passage may stand in a file twice. */
function findPassage(file: Uint8Array, was: Citation, left: { bytes: number }): Citation | undefined {
  const starts = lineStarts(file)
  const more = was.endLine - was.startLine
  const found: Place[] = []
  for (let startLine = 1; startLine + more <= starts.length && left.bytes > 0; startLine++) {
    const lines = { startLine, endLine: startLine + more }
    const bytes = linesOf(file, lines, starts)
    if (bytes && hashPassage(bytes) === was.hash) found.push({ ...was, ...lines })
    left.bytes -= bytes?.length ?? 0
  }
  const distance = ({ startLine }: Place) => Math.abs(startLine - was.startLine)
  const [nearest] = found.sort((a, b) => distance(a) - distance(b))
  return nearest && { ...nearest, hash: was.hash }
}

/** Its own path, files of its name, then files of its kind, those that share the most folders first. */
async function likelyPaths({ repository, path }: Place, commit: string, reader: GoldenReader): Promise<string[]> {
  const name = nameOf(path)
  const kind = kindOf(path)
  const rank = (other: string) =>
    other === path ? -2_000 : (nameOf(other) === name ? -1_000 : 0) - sharedFolders(path, other)
  const all = await reader.paths(repository, commit)
  return all
    .filter(other => nameOf(other) === name || kindOf(other) === kind)
    .map(other => ({ other, rank: rank(other) }))
    .sort((a, b) => a.rank - b.rank)
    .slice(0, FILES_MAX)
    .map(({ other }) => other)
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}

function kindOf(path: string): string {
  const name = nameOf(path)
  return name.slice(name.lastIndexOf('.') + 1)
}

function sharedFolders(a: string, b: string): number {
  const others = b.split('/').slice(0, -1)
  const differ = a
    .split('/')
    .slice(0, -1)
    .findIndex((folder, i) => folder !== others[i])
  return differ < 0 ? a.split('/').length - 1 : differ
}
