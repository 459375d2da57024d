import { before, isComment } from '../node.ts'
import type { SyntaxNode, Unit } from '../parsed.ts'

/** What is known of a file before its units and imports are. */
export type Syntax = {
  readonly root: SyntaxNode
  nodes(...types: string[]): readonly SyntaxNode[]
  textOf(node: SyntaxNode): string
  lineOf(index: number): number
}

export type Found = Pick<Unit, 'kind' | 'name' | 'container' | 'exported'> & {
  readonly named: SyntaxNode
  /** All that belongs to it, as `export` and decorators around it. */
  readonly whole: SyntaxNode
  /** The comments or the docstring that tell of it. */
  readonly doc: readonly SyntaxNode[]
}

/** The comments that end right above a node, without a blank line between. */
export function commentsAbove(file: Syntax, node: SyntaxNode, isDoc: (text: string) => boolean): SyntaxNode[] {
  const comments: SyntaxNode[] = []
  let below = file.lineOf(node.startIndex)
  for (let at = before(node); at !== undefined; at = before(at)) {
    if (at.type === 'decorator') {
      below = file.lineOf(at.startIndex)
      continue
    }
    // Some grammars count the newline after a line comment as its own.
    const end = at.startIndex + file.textOf(at).trimEnd().length
    if (!isComment(at) || file.lineOf(end) < below - 1 || !isDoc(file.textOf(at))) break
    // What stands behind code on its line tells of that code.
    const left = before(at)
    if (left !== undefined && !isComment(left) && file.lineOf(left.endIndex) === file.lineOf(at.startIndex)) break
    comments.unshift(at)
    below = file.lineOf(at.startIndex)
  }
  return comments
}

/** Nobody reads more of a comment in an editor, and expressions are slow on what only looks like one. */
const MAX_DOC = 5_000
const COMMENT_MARKS = /^[ \t]*(?:\/\*\*?|\/\/\/?|\*(?!\/))?[ \t]*|[ \t]*\*\/$/gm
const QUOTES = /^[a-zA-Z]*("""|'''|"|')|("""|'''|"|')$/g
const XML_TAG = /<\/?[a-z]+(?:\s+(?:cref|name|href|langword)="([^"]*)")?\s*\/?>/g

/** The words of doc comments or a docstring, without what marks them as such and without indentation. */
export function docWords(texts: readonly string[]): string {
  return texts
    .map(text => text.slice(0, MAX_DOC).trim())
    .map(text => (text.startsWith('/') ? text.replace(XML_TAG, '$1') : text.replace(QUOTES, '')))
    .map(text => text.replace(COMMENT_MARKS, ''))
    .join('\n')
    .trim()
}
