import type { LineSet } from '../../git/index.ts'
import type { Citation } from '../citations/citation.ts'
import type { Mute } from '../config/types.ts'
import type { Norm } from '../norms/norm.ts'
import type { RepositoryFacts } from '../norms/question.ts'
import { decodeSource } from '../parse/decode.ts'
import { languageOf } from '../parse/language.ts'
import type { Parser } from '../parse/parsed.ts'
import { checkFile } from './check-file.ts'
import type { Checked, Finding, Skipped, Tally } from './finding.ts'

/** What counts for a file: by the folder in which it lies. */
export type Rules = { norms: readonly Norm[]; mute: readonly Mute[]; cite(norm: Norm): Promise<Citation | undefined> }

export type CheckOptions = {
  /** From the root, with `/`; what is no source of a known language is passed over. */
  files: readonly string[]
  /** Absolute path of one of them. */
  absolute(path: string): string
  /** Undefined where it is no file, or can't be read. */
  read(path: string): Promise<Uint8Array | 'too large' | undefined>
  changed(path: string, text: string): Promise<LineSet>
  rules(path: string): Promise<Rules>
  facts: RepositoryFacts
  parser: Parser
  signal: AbortSignal
  onFile?(done: number, of: number): void
  /** Every file with new lines that could be read, whether or not something is to be said of it. */
  onChanged?(file: ChangedFile): void
}

export type ChangedFile = {
  /** Absolute. */
  readonly file: string
  readonly path: string
  readonly text: string
  readonly changed: LineSet
}

/** Reading waits for disk and git; more at once only hold more texts. Parsing is one after the other. */
const AT_ONCE = 8

export async function checkFiles(options: CheckOptions): Promise<Checked> {
  const { files, signal, onFile } = options
  const sources = files.filter(path => languageOf(path) !== undefined)
  const found: (One | undefined)[] = Array.from({ length: sources.length })
  let next = 0
  let done = 0
  const worker = async () => {
    while (next < sources.length) {
      signal.throwIfAborted()
      const at = next++
      found[at] = await checkOne(sources[at] ?? '', options)
      onFile?.(++done, sources.length)
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, worker))
  const all = found.filter(one => one !== undefined)
  return {
    findings: all.flatMap(({ findings }) => findings),
    tallies: sum(all.flatMap(({ tallies }) => tallies)),
    files: sources.length,
    skipped: all.flatMap(({ path, skipped }) => (skipped ? [{ path, why: skipped }] : [])),
  }
}

type One = { path: string; findings: readonly Finding[]; tallies: readonly Tally[]; skipped?: Skipped }

async function checkOne(path: string, options: CheckOptions): Promise<One> {
  const skip = (skipped: Skipped): One => ({ path, findings: [], tallies: [], skipped })
  const bytes = await options.read(path)
  if (bytes === undefined) return skip('not readable')
  if (bytes === 'too large') return skip('too large')
  const text = decodeSource(bytes)
  if (text === undefined) return skip('binary')
  const changed = await options.changed(path, text)
  if (changed.ranges.length === 0) return { path, findings: [], tallies: [] }
  const file = options.absolute(path)
  options.onChanged?.({ file, path, text, changed })
  const language = languageOf(path)
  if (language) await options.parser.ready(language)
  const rules = await options.rules(path)
  using parsed = options.parser.parse(path, text)
  if (parsed === undefined) return skip('too large')
  if (parsed.broken) return skip('broken syntax')
  return { path, ...(await checkFile({ ...rules, parsed, file, changed, facts: options.facts })) }
}

function sum(tallies: readonly Tally[]): Tally[] {
  const byNorm = Map.groupBy(tallies, ({ norm, language }) => `${language} ${norm}`)
  return [...byNorm.values()].flatMap(([first, ...others]) => {
    if (!first) return []
    const add = (a: Tally, b: Tally) => ({ ...a, kept: a.kept + b.kept, broken: a.broken + b.broken })
    return [others.reduce(add, first)]
  })
}
