/** A part of an answer. All of them, one after the other, are the answer, letter for letter. */
export type Part = { readonly kind: 'prose' | 'code'; readonly text: string }

export type Splitter = {
  /** What is certain to be whole by now. */
  push(text: string): Part[]
  end(): Part[]
}

/** Longer without an end is no sentence. */
const LONGEST = 8_000
const FENCE = /^[ \t]*(`{3,}|~{3,})([^\n]*)\n/
/** What begins a block of its own, so that the line before it is over. */
const BLOCK = /^[ \t]*(?:[-*+>#|]|\d{1,3}[.)]|`{3}|~{3}|\n|$)/
const ABBREVIATED = /(?:^|[\s(])(?:e\.g|i\.e|etc|vs|cf|approx|resp|no|fig)\.$/i
/** Citations that follow a full stop belong to the sentence before it. */
const CITED = /^(?:[ \t]*[[【][^\]】\n]{1,40}[\]】])+/

/** Splits what streams in into sentences, lines and fenced blocks, each given out as soon as it is whole. */
export function splitAnswer(): Splitter {
  let rest = ''
  let lineStart = true

  function take(length: number, kind: Part['kind']): Part {
    const text = rest.slice(0, length)
    rest = rest.slice(length)
    lineStart = text.endsWith('\n')
    return { kind, text }
  }

  function next(whole: boolean): Part | undefined {
    if (rest === '') return undefined
    if (lineStart) {
      // The line may yet become a fence.
      if (!whole && /^[ \t]*(?:`{0,2}|~{0,2}|(?:`{3,}|~{3,})[^\n]*)$/.test(rest)) return undefined
      const fence = FENCE.exec(rest)
      if (fence && !(fence[1]?.startsWith('`') && fence[2]?.includes('`'))) {
        const end = fenceEnd(rest, fence[1] ?? '', fence[0].length, whole)
        return end === undefined ? (whole ? take(rest.length, 'code') : undefined) : take(end, 'code')
      }
    }
    const end = proseEnd(rest, whole)
    return end === undefined ? undefined : take(end, 'prose')
  }

  function all(whole: boolean): Part[] {
    const parts: Part[] = []
    for (let part = next(whole); part; part = next(whole)) parts.push(part)
    return parts
  }

  return {
    push(text) {
      rest += text
      return all(false)
    },
    end: () => all(true),
  }
}

/** Behind the line that closes a fence; that line must be whole, or it may go on as text of the block. */
function fenceEnd(text: string, fence: string, from: number, whole: boolean): number | undefined {
  for (let at = from; at < text.length; ) {
    const newline = text.indexOf('\n', at)
    if (newline < 0 && !whole) return undefined
    const end = newline < 0 ? text.length : newline
    const line = text.slice(at, end).trim()
    if (line.length >= fence.length && line === fence.charAt(0).repeat(line.length)) return newline < 0 ? end : end + 1
    at = end + 1
  }
  return undefined
}

/** Behind the first sentence or line, with the white space after it; undefined where more may come. */
function proseEnd(text: string, whole: boolean): number | undefined {
  let ticks = ''
  for (let at = 0; at < text.length && at < LONGEST; at++) {
    const letter = text.charAt(at)
    if (letter === '`') {
      const run = /^`+/.exec(text.slice(at))?.[0] ?? '`'
      ticks = ticks === '' ? run : run === ticks ? '' : ticks
      at += run.length - 1
    } else if (letter === '\n') {
      const after = text.slice(at + 1)
      if (!whole && /^[ \t]*$|^[ \t]*(?:\d{1,3}|`{1,2}|~{1,2})$/.test(after)) return undefined
      // A line that goes on on the next one is one sentence.
      if (BLOCK.test(after) || /^[ \t]*[#|]/.test(text)) return at + 1
      // Code between backticks seldom goes over a line's end, and one backtick too many must not join all that follows.
      ticks = ''
    } else if (ticks === '' && '.!?…'.includes(letter)) {
      const end = sentenceEnd(text, at + 1, whole)
      if (end === 'more') return undefined
      if (end !== undefined) return end
    }
  }
  if (text.length >= LONGEST) return LONGEST
  return whole ? text.length : undefined
}

function sentenceEnd(text: string, from: number, whole: boolean): number | 'more' | undefined {
  const closers = /^["'”’)*_]*/.exec(text.slice(from))?.[0].length ?? 0
  let at = from + closers
  at += CITED.exec(text.slice(at))?.[0].length ?? 0
  const space = /^[ \t]*/.exec(text.slice(at))?.[0].length ?? 0
  const next = text.charAt(at + space)
  if (next === '') return whole ? text.length : 'more'
  if (next === '\n') return undefined
  if (/[[【]/.test(next) && !/[\]】\n]/.test(text.slice(at + space, at + space + 42)) && !whole) return 'more'
  if (space === 0 || /\p{Ll}/u.test(next) || ABBREVIATED.test(text.slice(0, from))) return undefined
  return at + space
}
