import type { LineSet } from '../../git/index.ts'
import type { Citation } from '../citations/citation.ts'
import type { Mute } from '../config/types.ts'
import { teamMute } from '../hints/mutes.ts'
import { findBreaches } from '../norms/find-breaches.ts'
import { type Norm, normLanguage } from '../norms/norm.ts'
import { observe } from '../norms/observe.ts'
import type { RepositoryFacts } from '../norms/question.ts'
import type { Parsed } from '../parse/parsed.ts'
import type { Finding, Region, Tally } from './finding.ts'

export type FileCheck = {
  parsed: Parsed
  /** Absolute: globs of mutes go from the folders of their files. */
  file: string
  changed: LineSet
  norms: readonly Norm[]
  mute: readonly Mute[]
  facts: RepositoryFacts
  cite(norm: Norm): Promise<Citation | undefined>
}

/** As the editor sees it, but all of it: in CI nobody is interrupted while typing, and no habit fades. */
export async function checkFile(check: FileCheck): Promise<{ findings: Finding[]; tallies: Tally[] }> {
  const { parsed, file, changed, norms, mute, facts, cite } = check
  const breaches = findBreaches(parsed, norms, facts).filter(({ site }) =>
    changed.touches(site.startLine, site.endLine),
  )
  const findings: Finding[] = []
  for (const { norm, site, words } of breaches) {
    const region = regionOf(parsed, site)
    const citation = await cite(norm)
    const muted = teamMute(norm.id, file, mute)
    findings.push({
      path: parsed.path,
      region,
      line: lineAt(parsed, site.startIndex),
      norm,
      words,
      citations: citation ? [citation] : [],
      ...(muted ? { mute: muted } : {}),
    })
  }
  return { findings, tallies: tally(check) }
}

/** What is muted is not counted: a dispute is no habit. */
function tally({ parsed, file, changed, norms, mute, facts }: FileCheck): Tally[] {
  const language = normLanguage(parsed.language)
  const asked = new Map(norms.filter(norm => norm.language === language).map(norm => [norm.id, norm]))
  const tallies = new Map<string, Tally>()
  for (const { question, answer, startLine, endLine } of observe(parsed, facts)) {
    const norm = asked.get(question)
    if (!norm || !changed.touches(startLine, endLine) || teamMute(question, file, mute)) continue
    const before = tallies.get(question) ?? { norm: question, language, kept: 0, broken: 0 }
    const kept = answer === norm.answer ? 1 : 0
    tallies.set(question, { ...before, kept: before.kept + kept, broken: before.broken + 1 - kept })
  }
  return [...tallies.values()]
}

function regionOf(parsed: Parsed, { startIndex, endIndex }: { startIndex: number; endIndex: number }): Region {
  return {
    startLine: parsed.lineOf(startIndex),
    startColumn: startIndex - lineStart(parsed.text, startIndex) + 1,
    endLine: parsed.lineOf(endIndex),
    endColumn: endIndex - lineStart(parsed.text, endIndex) + 1,
  }
}

function lineStart(text: string, index: number): number {
  return text.lastIndexOf('\n', index - 1) + 1
}

function lineAt({ text }: Parsed, index: number): string {
  const end = text.indexOf('\n', index)
  return text.slice(lineStart(text, index), end === -1 ? text.length : end).trim()
}
