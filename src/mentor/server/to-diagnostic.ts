import { type Diagnostic, DiagnosticSeverity } from 'vscode-languageserver/node'
import { formatCitation } from '../citations/format-citation.ts'
import type { ConfigProblem } from '../config/types.ts'
import type { Hint } from '../hints/hint.ts'
import type { OpenDocument } from './open-document.ts'
import type { Session } from './session.ts'

export const SOURCE = 'towpath-mentor'

type Showing = Pick<Session, 'client' | 'golden'>

/** As a question at the place, with the golden place beside it. Undefined where that has gone since. */
export async function hintDiagnostic(
  hint: Hint,
  { text }: OpenDocument,
  { client, golden }: Showing,
): Promise<Diagnostic | undefined> {
  const location = await golden.locate(hint.citation)
  if (location === undefined) return undefined
  const { repository, path, startLine } = hint.citation
  return {
    range: { start: text.positionAt(hint.startIndex), end: text.positionAt(hint.endIndex) },
    // Never a warning: nothing is wrong with the code, it is only not how the team does it.
    severity: DiagnosticSeverity.Information,
    source: SOURCE,
    code: hint.norm.id,
    ...(client.codeDescription ? { codeDescription: { href: `${location.uri}#L${startLine}` } } : {}),
    message: hint.words.nudge,
    ...(client.related
      ? { relatedInformation: [{ location, message: `${repository} does it like this: ${path}:${startLine}` }] }
      : {}),
    data: { hint: hint.id, norm: hint.norm.id, citation: formatCitation(hint.citation) },
  }
}

export function problemDiagnostic({ severity, says, fix, start, end }: ConfigProblem): Diagnostic {
  return {
    range: { start, end },
    severity: severity === 'error' ? DiagnosticSeverity.Error : DiagnosticSeverity.Warning,
    source: SOURCE,
    code: 'archangel.json',
    message: `${says}. ${fix}.`,
  }
}
