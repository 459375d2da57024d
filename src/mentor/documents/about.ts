import { plain } from './markdown.ts'
import type { Material } from './material.ts'
import type { Scribe } from './scribe.ts'

const LONGEST = 500
const MOST_LINES = 200
// Headings, badges, pictures, HTML, quotes, tables, lists and rules: what stands above the first sentence.
const NO_PROSE = /^\s*(?:$|#|[=~^-]{3,}|!?\[|<|>|\||[*+-]\s|\.\.|:|```)/

/** What ends a paragraph. */
const END = /^\s*(?:$|#|[=~-]{3,}|```|<)/

/** What the repository's README says of it first, cited; undefined where there is none. */
export async function about({ repository, commit }: Material, scribe: Scribe): Promise<string | undefined> {
  const path = (await scribe.reader.paths(repository, commit)).find(one => /^readme(?:\.(?:md|rst|txt))?$/i.test(one))
  const text = path === undefined ? undefined : await scribe.text({ repository, commit, path })
  if (path === undefined || text === undefined) return undefined
  // Licences stand in comments above; their lines keep their places.
  const shown = text.replace(/<!--[\s\S]*?-->/g, comment => comment.replace(/[^\n]/g, ''))
  const lines = shown.split('\n').slice(0, MOST_LINES)
  const first = lines.findIndex(line => !NO_PROSE.test(line) && line.trim().split(/\s+/).length > 3)
  if (first === -1) return undefined
  const after = lines.slice(first).findIndex(line => END.test(line))
  const endLine = after === -1 ? lines.length : first + after
  const said = lines
    .slice(first, endLine)
    .join(' ')
    .replace(/!?\[([^\]]*)\]\([^)]*\)|<[^>]*>/g, '$1')
  const citation = await scribe.cite({ repository, commit, path, startLine: first + 1, endLine })
  return citation && `It says of itself: ${plain(said, LONGEST)} ${citation}`
}
