import { failure } from '../../kernel/index.ts'
import type { Place } from '../place.ts'

export const CitationInvalid = failure('CITATION_INVALID', 400, (text: string) => ({
  says: `${JSON.stringify(text.slice(0, 120))} is not a citation`,
  next: 'Write owner/name@commit:path#L3-L9, with 12 to 64 hexadecimal digits of the commit',
}))

/** What git itself shows of a commit's id at least, and enough for repositories of any size. */
const SHOWN = 12
const LONGEST = 8192
const LARGEST_LINE = 10_000_000

// What a path may hold that would end it, hide it, or break the line or the Markdown that it stands in.
const UNSAFE = /[^\p{L}\p{M}\p{N}\-._~/@+=,:;!$&'()[\]{}]/gu
const form = /^([^@\s\p{C}]{1,200})@([0-9a-f]{12,64}):([^#\s\p{C}]{1,6000})#L([1-9]\d{0,7})(?:-L([1-9]\d{0,7}))?$/u

/** `owner/name@0123456789ab:src/a.ts#L3-L9`. Characters of names that don't fit are written as `%20`. */
export function formatCitation({ repository, commit, path, startLine, endLine }: Place): string {
  return `${encoded(repository).replaceAll('@', '%40')}@${commit.slice(0, SHOWN)}:${encoded(path)}#L${startLine}-L${endLine}`
}

/** The commit comes back as it is written, which is seldom whole: whoever reads the place knows which it begins. */
export function parseCitation(text: string): Place {
  const found = text.length <= LONGEST ? form.exec(text) : null
  if (!found) throw CitationInvalid(text)
  const [, name = '', commit = '', written = '', first = '', last = first] = found
  const startLine = Number(first)
  const endLine = Number(last)
  const repository = decoded(name)
  const path = decoded(written)
  if (repository === undefined || path === undefined || !isPath(path) || endLine < startLine || endLine > LARGEST_LINE)
    throw CitationInvalid(text)
  return { repository, commit, path, startLine, endLine }
}

function encoded(name: string): string {
  return name.toWellFormed().replace(UNSAFE, encodeURIComponent)
}

function decoded(written: string): string | undefined {
  try {
    return decodeURIComponent(written)
  } catch {
    // A lone % or no UTF-8: not written by us.
    return undefined
  }
}

/** As git has paths in a tree: relative, no way up, no NUL. */
function isPath(path: string): boolean {
  return !path.includes('\0') && path.split('/').every(part => part !== '' && part !== '.' && part !== '..')
}
