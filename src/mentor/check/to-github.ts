import { formatCitation } from '../citations/format-citation.ts'
import type { Checked } from './finding.ts'

/** GitHub shows ten of a step and fifty of a job, and drops the rest without a word. */
const SHOWN = 50
/** A message beyond is cut by the runner in the middle of a letter. */
const LONGEST = 4000

/** Workflow commands: annotations beside the lines. What is muted is not said again. */
export function toGithub({ findings }: Checked): string {
  const said = findings.filter(({ mute }) => !mute)
  const lines = said.slice(0, SHOWN).map(({ path, region, norm, words, citations: [first] }) => {
    const at = [
      `file=${property(path)}`,
      `line=${region.startLine}`,
      `endLine=${region.endLine}`,
      // Columns of several lines mean nothing there.
      ...(region.startLine === region.endLine ? [`col=${region.startColumn}`, `endColumn=${region.endColumn}`] : []),
      `title=${property(norm.id)}`,
    ]
    const see = first ? `\nSee ${formatCitation(first)}` : ''
    return `::warning ${at.join(',')}::${message(`${words.nudge}\n${words.why}${see}`.slice(0, LONGEST))}\n`
  })
  const more = said.length - lines.length
  return lines.join('') + (more > 0 ? `::notice::${more} more places; --format sarif has all of them\n` : '')
}

/** A file may be called `a.ts\n::set-env …`: each line of a log that begins with `::` is a command. */
function message(text: string): string {
  return text.toWellFormed().replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
}

function property(text: string): string {
  return message(text).replaceAll(':', '%3A').replaceAll(',', '%2C')
}
