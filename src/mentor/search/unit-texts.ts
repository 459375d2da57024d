import type { Parsed, Unit } from '../parse/parsed.ts'
import { type LooseLines, looseLines } from './loose-lines.ts'

/** All that is found of a file: its units and what stands outside of them, each with the text that is its alone. */
export function unitTexts({ text, units }: Pick<Parsed, 'text' | 'units'>): { unit: Unit | LooseLines; own: string }[] {
  const lines = text.split('\n')
  return [...units, ...looseLines(units, lines)].map(unit => ({ unit, own: ownLines(unit, units, lines) }))
}

/** A class is found by what it is, its methods by what they do. */
function ownLines(unit: Unit | LooseLines, units: readonly Unit[], lines: readonly string[]): string {
  const from = unit.startLine - 1
  const own = lines.slice(from, unit.endLine)
  if (unit.kind === 'class' || unit.kind === 'type') {
    for (const inner of units) {
      if (inner.container !== unit.name || inner.startLine < unit.startLine || inner.endLine > unit.endLine) continue
      own.fill('', inner.startLine - 1 - from, inner.endLine - from)
    }
  }
  return own.join('\n')
}
