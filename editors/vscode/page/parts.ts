// An answer cut into what the page shows: paragraphs, code, citations. Nothing of it is ever taken as HTML.

export type Span =
  | { kind: 'text'; text: string }
  | { kind: 'code'; text: string }
  /** What the mentor says of the sentence before: that it rests on nothing golden. */
  | { kind: 'mark'; text: string }
  | { kind: 'citation'; number: number }
export type Block = { kind: 'code'; language: string; text: string } | { kind: 'paragraph'; spans: Span[] }

const FENCE = /^(`{3,}|~{3,})([\w+#-]*)\s*$/

/** `known`: numbers of the answer's sources; others in brackets are text, and so are all within code. */
export function blocksOf(answer: string, known: ReadonlySet<number>): Block[] {
  const blocks: Block[] = []
  let code: { fence: string; language: string; lines: string[] } | undefined
  let lines: string[] = []
  const endParagraph = () => {
    const text = lines.join('\n').trim()
    if (text !== '') blocks.push({ kind: 'paragraph', spans: spansOf(text, known) })
    lines = []
  }
  for (const line of answer.split('\n')) {
    const fence = FENCE.exec(line)
    if (code !== undefined) {
      // Only a fence as long as the first ends it: code may hold shorter ones.
      if (fence?.[1]?.startsWith(code.fence) && fence[2] === '') {
        blocks.push({ kind: 'code', language: code.language, text: code.lines.join('\n') })
        code = undefined
      } else code.lines.push(line)
    } else if (fence) {
      endParagraph()
      code = { fence: fence[1] ?? '', language: fence[2] ?? '', lines: [] }
    } else if (line.trim() === '') endParagraph()
    else lines.push(line)
  }
  endParagraph()
  // While it streams, the last fence is still open.
  if (code !== undefined) blocks.push({ kind: 'code', language: code.language, text: code.lines.join('\n') })
  return blocks
}

function spansOf(text: string, known: ReadonlySet<number>): Span[] {
  const spans: Span[] = []
  let from = 0
  const plain = (to: number) => {
    // The one character of HTML that the mentor escapes, as it sends Markdown.
    if (to > from) spans.push({ kind: 'text', text: text.slice(from, to).replaceAll('&lt;', '<') })
  }
  for (const found of text.matchAll(/`([^`\n]+)`|\*(\([^*\n]+\))\*|\[(\d{1,4})\]/g)) {
    const [whole, code, mark, digits] = found
    if (digits !== undefined && !known.has(Number(digits))) continue
    plain(found.index)
    if (code !== undefined) spans.push({ kind: 'code', text: code })
    else if (mark !== undefined) spans.push({ kind: 'mark', text: mark })
    else spans.push({ kind: 'citation', number: Number(digits) })
    from = found.index + whole.length
  }
  plain(text.length)
  return spans
}
