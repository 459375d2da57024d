import type { Parsed, SyntaxNode } from '../../parse/parsed.ts'
import type { Question, Site } from '../question.ts'

export function site(file: Parsed, node: SyntaxNode, answer: string, key?: string): Site {
  const { startIndex, endIndex } = node
  const lines = { startLine: file.lineOf(startIndex), endLine: file.lineOf(Math.max(startIndex, endIndex - 1)) }
  return { answer, ...lines, startIndex, endIndex, ...(key !== undefined && { key }) }
}

/** What the file as a whole answers: told at its first line. */
export function fileSite(file: Parsed, answer: string, key?: string): Site {
  const end = file.text.indexOf('\n')
  const endIndex = end === -1 ? file.text.length : end
  return { answer, startLine: 1, endLine: 1, startIndex: 0, endIndex, ...(key !== undefined && { key }) }
}

/** The nearest node around it of the types, looking no further than a node of the types `until`. */
export function within(node: SyntaxNode, types: readonly string[], until: readonly string[]): SyntaxNode | undefined {
  for (let at = node.parent; at !== undefined; at = at.parent) {
    if (types.includes(at.type)) return at
    if (until.includes(at.type)) return undefined
  }
  return undefined
}

/** All nodes of the types inside this one, but not inside those of the types `without`. */
export function* inside(
  node: SyntaxNode,
  types: readonly string[],
  without: readonly string[] = [],
): Generator<SyntaxNode> {
  const left = [node]
  for (let at = left.pop(); at !== undefined; at = left.pop())
    for (const child of at.children) {
      if (types.includes(child.type)) yield child
      if (!without.includes(child.type)) left.push(child)
    }
}

type Saying = readonly [nudge: string, why: string, sketch?: (text: string) => string | undefined]

/** What is said by the norm's answer; nothing of a majority from which nobody should learn, as that causes are dropped. */
export function saying(words: Readonly<Record<string, Saying>>): Question['words'] {
  return (norm, at, file) => {
    const said = words[norm.answer]
    if (said === undefined) return undefined
    const [nudge, why, sketch] = said
    const text = file.text.slice(at.startIndex, at.endIndex)
    const shown = sketch?.(text)
    return { nudge, why, ...(shown !== undefined && shown !== text && { sketch: shown }) }
  }
}
