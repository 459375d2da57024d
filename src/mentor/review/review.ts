import type { Checked, Finding, Skipped } from '../check/finding.ts'
import { heldBy } from '../check/norm-words.ts'
import { cite } from '../citations/citation.ts'
import { formatCitation } from '../citations/format-citation.ts'
import type { GoldenReader } from '../citations/golden-reader.ts'
import { linesOf } from '../citations/lines.ts'
import { decodeSource } from '../parse/decode.ts'
import { languageOf } from '../parse/language.ts'
import type { Place } from '../place.ts'

/** Golden lines, read when the review was made. */
export type GoldenLines = { readonly place: string; readonly text: string; readonly language: string }

/** Who among the golden repositories does it otherwise: a norm is a habit, and there are others. */
export type Alternative = {
  readonly repository: string
  readonly answer: string
  readonly count: number
  readonly golden?: GoldenLines
}

/** What a reviewer would say at a place. */
export type Remark = {
  readonly path: string
  readonly line: number
  readonly code: string
  /** Lines of the file at which the same is to be said. */
  readonly alsoAt: readonly number[]
  readonly norm: string
  readonly asks: string
  readonly why: string
  readonly heldBy: string
  readonly golden: GoldenLines
  readonly alternatives: readonly Alternative[]
  readonly sketch?: string
}

export type Review = {
  readonly files: number
  readonly remarks: readonly Remark[]
  /** Further remarks that were left out: who reads twenty remembers none. */
  readonly more: number
  /** Norms that the new lines held to, most often first. */
  readonly kept: readonly { readonly norm: string; readonly count: number }[]
  readonly muted: number
  readonly skipped: readonly { readonly path: string; readonly why: Skipped }[]
}

/** What breaks first is said first. */
const ORDER = ['errors', 'async', 'apis', 'imports', 'tests', 'logging', 'naming', 'layout', 'docs']
const REMARKS = 15
const LINES = 14
const ALTERNATIVES = 2
const KEPT = 5

/** The review that a junior would get, from norms alone. What has no golden place any more is not said. */
export async function reviewOf(checked: Checked, reader: GoldenReader): Promise<Review> {
  const said = checked.findings.filter(({ mute, citations }) => !mute && citations.length > 0)
  const groups = [...Map.groupBy(said, ({ path, norm }) => `${path}\0${norm.id}`).values()]
  const ordered = groups.toSorted(([a], [b]) => rank(a) - rank(b) || order(a?.path, b?.path))
  const remarks: Remark[] = []
  for (const group of ordered) {
    if (remarks.length === REMARKS) break
    const remark = await remarkOf(group, reader)
    if (remark) remarks.push(remark)
  }
  return {
    files: checked.files,
    remarks,
    more: Math.max(0, groups.length - REMARKS),
    kept: checked.tallies
      .filter(({ kept, broken }) => kept > 0 && broken === 0)
      .map(({ norm, kept }) => ({ norm, count: kept }))
      .toSorted((a, b) => b.count - a.count)
      .slice(0, KEPT),
    muted: checked.findings.filter(({ mute }) => mute !== undefined).length,
    skipped: checked.skipped,
  }
}

function rank(finding: Finding | undefined): number {
  const at = ORDER.indexOf(finding?.norm.id.split('/', 1)[0] ?? '')
  return at < 0 ? ORDER.length : at
}

function order(a = '', b = ''): number {
  return a < b ? -1 : a > b ? 1 : 0
}

async function remarkOf([first, ...others]: readonly Finding[], reader: GoldenReader): Promise<Remark | undefined> {
  if (first === undefined) return undefined
  const { norm, words, citations } = first
  const golden = citations[0] && (await readLines(citations[0], reader))
  if (golden === undefined) return undefined
  const alternatives: Alternative[] = []
  for (const { repository, answer, count, places } of norm.dissent.slice(0, ALTERNATIVES)) {
    const place = places[0] && (await readLines(places[0], reader))
    alternatives.push({ repository, answer, count, ...(place ? { golden: place } : {}) })
  }
  return {
    path: first.path,
    line: first.region.startLine,
    code: first.line,
    alsoAt: [...new Set(others.map(({ region }) => region.startLine))].filter(line => line !== first.region.startLine),
    norm: norm.id,
    asks: words.nudge,
    why: words.why,
    heldBy: heldBy(norm),
    golden,
    alternatives,
    ...(words.sketch === undefined ? {} : { sketch: words.sketch }),
  }
}

async function readLines(place: Place, reader: GoldenReader): Promise<GoldenLines | undefined> {
  const cut = { ...place, endLine: Math.min(place.endLine, place.startLine + LINES - 1) }
  const bytes = await reader.read(cut)
  const lines = bytes && linesOf(bytes, cut)
  const citation = lines && (await cite(cut, reader))
  const text = lines && decodeSource(lines)
  if (citation === undefined || text === undefined) return undefined
  return { place: formatCitation(citation), text, language: languageOf(place.path) ?? '' }
}
