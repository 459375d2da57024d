import { checkCode, checkProse } from './check-prose.ts'
import type { Given, GivenPassages } from './given.ts'
import { type Part, splitAnswer } from './split-answer.ts'

export const UNBACKED = 'not from your golden repositories'

export type AnswerCheck = {
  /** What may be shown of the answer by now. */
  push(text: string): Promise<string>
  end(): Promise<string>
  /** Each passage that was cited, as it was read again. */
  cited(): readonly Given[]
  /** Citations, places and addresses that were invented and are not shown. */
  struck(): readonly string[]
  /** Sentences and blocks of code, and how many of them rest on a passage. */
  counts(): { readonly sentences: number; readonly backed: number }
}

/** A title or a sentence that leads to a list claims little; a long one is taken for a claim. */
const TITLE_MAX = 80
const COPIED_MIN = 12
/** What steers a terminal, turns text around or can't be seen. */
const UNSEEN = /[\p{Cc}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\u{e0000}-\u{e007f}]/gu

/**
 * Lets an answer through sentence by sentence. What cites a passage that is there stays as it is; what rests on none is
 * marked; what leads nowhere is taken out. The last word is code's, whatever a model was talked into.
 */
export function checkAnswer(passages: GivenPassages): AnswerCheck {
  const splitter = splitAnswer()
  const cited = new Map<number, Given>()
  const struck: string[] = []
  const counts = { sentences: 0, backed: 0 }
  /** Sentences without a passage since the last mark, and the white space that follows them. */
  let run = 0
  let tail = ''
  let copied: Given | undefined

  async function show(parts: readonly Part[]): Promise<string> {
    const shown: string[] = []
    for (const part of parts) {
      const text = part.text.replace(UNSEEN, letter => (letter === '\n' || letter === '\t' ? letter : ''))
      shown.push(part.kind === 'code' ? await showCode(text) : await showProse(text))
    }
    return shown.join('')
  }

  async function showProse(text: string): Promise<string> {
    const checked = await checkProse(text, passages)
    struck.push(...checked.struck)
    for (const given of checked.backedBy) cited.set(given.number, given)
    const body = checked.text.trimEnd()
    const before = tail
    const space = checked.text.slice(body.length)
    if (!claims(body)) return between(before.includes('\n') || body !== '') + push(before, body, space)
    counts.sentences++
    if (checked.backedBy.length > 0) {
      counts.backed++
      return between(true) + push(before, body, space)
    }
    const mark = between(before.includes('\n'))
    run++
    copied ??= await sourceOf(body)
    return mark + push(before, body, space)
  }

  function push(before: string, body: string, space: string): string {
    tail = space
    return before + body
  }

  async function showCode(text: string): Promise<string> {
    const checked = await checkCode(text, passages)
    struck.push(...checked.struck)
    const out = between(true) + tail
    tail = ''
    counts.sentences++
    const source = passages.all().find(given => holdsAll(given.text, checked.text))
    const given = source && (await passages.verify(source.number))
    if (given) {
      counts.backed++
      cited.set(given.number, given)
    }
    const end = checked.text.endsWith('\n') ? '' : '\n'
    return `${out}${checked.text}${end}*(${given ? `word for word in [${given.number}]` : UNBACKED})*\n`
  }

  /** The mark of sentences that rest on nothing, where their run ends. */
  function between(ends: boolean): string {
    if (!ends || run === 0) return ''
    const which = run === 1 ? UNBACKED : `the last ${run} sentences are ${UNBACKED}`
    const from = copied ? `; word for word in [${copied.number}], which the answer did not say` : ''
    if (copied) cited.set(copied.number, copied)
    run = 0
    copied = undefined
    return ` *(${which}${from})*`
  }

  /** Whose words an uncited sentence puts between backticks. */
  async function sourceOf(sentence: string): Promise<Given | undefined> {
    const quotes = [...sentence.matchAll(/`([^`\n]+)`/g)].map(([, code = '']) => code.trim())
    const long = quotes.filter(code => code.length >= COPIED_MIN && code.includes(' '))
    const source = passages.all().find(({ text }) => long.some(code => text.includes(code)))
    return source && (await passages.verify(source.number))
  }

  return {
    push: async text => show(splitter.push(text)),
    async end() {
      const shown = await show(splitter.end())
      return shown + between(true) + tail
    },
    cited: () => [...cited.values()].sort((a, b) => a.number - b.number),
    struck: () => struck,
    counts: () => counts,
  }
}

/** Whether it says something that could be true or not. */
function claims(text: string): boolean {
  if (!/\p{L}{2}/u.test(text)) return false
  const title = /^\s*#{1,6}\s/.test(text) || /:\**$/.test(text)
  return !(title && text.length <= TITLE_MAX)
}

/** All lines of a fenced block stand in the passage, in whatever indentation. */
function holdsAll(passage: string, block: string): boolean {
  const [, ...lines] = block
    .split('\n')
    .map(line => line.trim())
    .filter(line => line !== '')
  if (/^(?:`{3,}|~{3,})$/.test(lines.at(-1) ?? '')) lines.pop()
  const known = new Set(passage.split('\n').map(line => line.trim()))
  return lines.length > 0 && lines.every(line => known.has(line))
}
