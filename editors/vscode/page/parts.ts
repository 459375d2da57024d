// An answer cut into what the page shows: paragraphs, code, citations. Nothing of it is ever taken as HTML.

export type Span =
  | { kind: 'text'; text: string }
  | { kind: 'code'; text: string }
  | { kind: 'citation'; number: number }
export type Block = { kind: 'code'; language: string; text: string } | { kind: 'paragraph'; spans: Span[] }

const FENCE = /^```([\w+#-]*)\s*$/

/** `known`: how many citations the answer has; other numbers in brackets are text, and so are those within code. */
export function blocksOf(answer: string, known: number): Block[] {
  const blocks: Block[] = []
  let code: { language: string; lines: string[] } | undefined
  let lines: string[] = []
  const endParagraph = () => {
    const text = lines.join('\n').trim()
    if (text !== '') blocks.push({ kind: 'paragraph', spans: spansOf(text, known) })
    lines = []
  }
  for (const line of answer.split('\n')) {
    const fence = FENCE.exec(line)
    if (code !== undefined) {
      if (fence) {
        blocks.push({ kind: 'code', language: code.language, text: code.lines.join('\n') })
        code = undefined
      } else code.lines.push(line)
    } else if (fence) {
      endParagraph()
      code = { language: fence[1] ?? '', lines: [] }
    } else if (line.trim() === '') endParagraph()
    else lines.push(line)
  }
  endParagraph()
  // While it streams, the last fence is still open.
  if (code !== undefined) blocks.push({ kind: 'code', language: code.language, text: code.lines.join('\n') })
  return blocks
}

function spansOf(text: string, known: number): Span[] {
  const spans: Span[] = []
  let from = 0
  const plain = (to: number) => {
    if (to > from) spans.push({ kind: 'text', text: text.slice(from, to) })
  }
  for (const found of text.matchAll(/`([^`\n]+)`|\[(\d{1,3})\]/g)) {
    const [whole, code, digits] = found
    const number = Number(digits)
    if (code === undefined && !(number >= 1 && number <= known)) continue
    plain(found.index)
    spans.push(code === undefined ? { kind: 'citation', number } : { kind: 'code', text: code })
    from = found.index + whole.length
  }
  plain(text.length)
  return spans
}
