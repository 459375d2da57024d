import type { Parsed, Unit } from '../parse/parsed.ts'
import { nearest } from '../search/nearest.ts'
import type { Passage } from '../search/passage.ts'
import type { OpenDocument } from './open-document.ts'
import type { Project } from './projects.ts'
import type { Session } from './session.ts'

/** A document as it is read at this moment, for what must answer at once. */
export type Glance = { readonly parsed: Parsed; readonly project: Project; readonly path: string }

/** Undefined where it is none of our languages, no file, or too long. */
export async function glanceAt({ projects, parser }: Session, document: OpenDocument): Promise<Glance | undefined> {
  const { file, language } = document
  if (file === undefined || language === undefined) return undefined
  const project = await projects.of(file)
  await parser.ready(language)
  const path = project.pathOf(file)
  const parsed = document.parse(parser, path)
  return parsed && { parsed, project, path }
}

/** The function or type whose name stands on that line, which counts from 1. */
export function unitNamedAt({ parsed }: Glance, line: number): Unit | undefined {
  return parsed.units.find(({ nameLine }) => nameLine === line)
}

/** The golden passages that are most like it. */
export function nearestTo({ library }: Session, { parsed, project }: Glance, unit: Unit, limit: number): Passage[] {
  const text = parsed.text
    .split('\n')
    .slice(unit.startLine - 1, unit.endLine)
    .join('\n')
  const mine = { name: unit.name, text, imports: parsed.imports, language: parsed.language }
  return nearest(library.index, mine, { golden: project.loaded.config.golden, limit })
}
