import { formatCitation } from '../citations/format-citation.ts'
import type { Given, GivenPassages } from './given.ts'

export type CheckedProse = {
  readonly text: string
  /** Passages that were read again just now. */
  readonly backedBy: readonly Given[]
  /** What was taken out because it leads nowhere. */
  readonly struck: readonly string[]
}

const CODE = /(`+)(?!`)([\s\S]*?[^`])\1(?!`)/g
const DEFINITION = /^[ \t]{0,3}\[[^\]\n]+\]:.*$/gm
const IMAGE = /!\[([^\]]{0,500})\](?:\([^)]{0,2000}\)|\[[^\]]{0,200}\])/g
const LINK = /\[([^\]]{0,500})\]\([^)]{0,2000}\)/g
const ADDRESS = /<?\b(?:[a-z][a-z0-9+.-]{1,20}:\/\/|www\.|(?:mailto|javascript|data|command|vscode):)[^\s<>"'`)\]]+>?/gi
const TAG = /<(?=[a-z/!?])/gi
/** `owner/name@0123456789ab:src/a.ts#L3-L9`, however wrong. */
const PLACE = /[\w./~-]+@[0-9a-f]{6,64}:[^\s`'"()<>]+?#L\d+(?:-L?\d+)?/g
/** `src/a.ts:12`, `a.ts#L3-L9`. */
const LOOSE = /(?<![\w@/:.-])[\w@./-]*\w\.[a-z]{1,5}(?::\d+(?:-\d+)?|#L\d+(?:-L?\d+)?)\b/gi
const NUMBERS =
  /(\w{0,60})[[【](?:\^|#|(?:source|passage|citation|ref)s?\s{0,3})?(\d{1,6}(?:\s{0,3}[,;–-]\s{0,3}\d{1,6}){0,20})(?:†[^\]】\n]{0,60})?[\]】]/gi
/** What may follow a citation that stands directly behind a word: `errors[1].`, and not `items[1] = 2`. */
const CLAUSE_END = /^\s*(?:$|[.,;:!?)\n]|[[【])/

/**
 * A sentence as it may be shown. Citations stay where a passage was given under the number and is there now; pictures,
 * links and HTML become text: nothing in an answer may fetch or open anything.
 */
export async function checkProse(text: string, passages: GivenPassages): Promise<CheckedProse> {
  const backedBy: Given[] = []
  const struck: string[] = []
  const check: Checking = { passages, backedBy, struck }
  const parts: string[] = []
  let from = 0
  for (const code of text.matchAll(CODE)) {
    parts.push(await checkText(text.slice(from, code.index), check), await checkPlaces(code[0], check))
    from = code.index + code[0].length
  }
  parts.push(await checkText(text.slice(from), check))
  return { text: parts.join(''), backedBy: [...new Set(backedBy)], struck }
}

/** In a fenced block only whole citations are looked at: the rest is code. */
export async function checkCode(text: string, passages: GivenPassages): Promise<Omit<CheckedProse, 'backedBy'>> {
  const struck: string[] = []
  return { text: await checkFull(text, { passages, backedBy: [], struck }), struck }
}

type Checking = { passages: GivenPassages; backedBy: Given[]; struck: string[] }

async function checkText(text: string, check: Checking): Promise<string> {
  const plain = text
    // A definition would make a link of each citation of its name.
    .replace(DEFINITION, whole => strike(whole, check))
    .replace(IMAGE, (whole, label: string) => strike(whole, check) + label)
    .replace(LINK, (whole, label: string) => strike(whole, check) + (/^\d+$/.test(label) ? `[${label}]` : label))
    .replace(ADDRESS, address =>
      isQuoted(address, check) ? `\`${address.replace(/[<>`]/g, '')}\`` : strike(address, check),
    )
    .replace(TAG, '&lt;')
  return checkNumbers(await checkPlaces(plain, check), check)
}

async function checkPlaces(text: string, check: Checking): Promise<string> {
  const full = await checkFull(text, check)
  return full.replace(LOOSE, place => (isInside(place, check) ? place : strike(place, check)))
}

async function checkFull(text: string, check: Checking): Promise<string> {
  return replaceEach(text, PLACE, async ([place]) => {
    const number = check.passages.numberOf(place)
    const now = number === undefined ? undefined : await check.passages.verify(number)
    if (now === undefined) return strike(place, check)
    check.backedBy.push(now)
    return formatCitation(now.citation)
  })
}

async function checkNumbers(text: string, check: Checking): Promise<string> {
  return replaceEach(text, NUMBERS, async found => {
    const [whole, word = '', list = ''] = found
    // `items[1] = 2` and `items[0]` without backticks: code, and made to look like it.
    const isIndex = word !== '' && /^0/.test(list)
    if (isIndex || (word !== '' && !CLAUSE_END.test(text.slice(found.index + whole.length)))) return `\`${whole}\``
    const shown: string[] = []
    for (const number of numbersOf(list)) {
      const given = await check.passages.verify(number)
      if (given) check.backedBy.push(given)
      if (given) shown.push(`[${number}]`)
      else check.struck.push(`[${number}]`)
    }
    return word === '' || shown.length === 0 ? word + shown.join('') : `${word} ${shown.join('')}`
  })
}

/** `1, 3-5` → 1, 3, 4, 5. */
function numbersOf(list: string): number[] {
  return list.split(/\s*[,;]\s*/).flatMap(one => {
    const [first = 0, last = first] = one.split(/\s*[–-]\s*/).map(Number)
    return last < first || last - first > 20
      ? [first, last]
      : Array.from({ length: last - first + 1 }, (_, n) => first + n)
  })
}

/** A place in the user's own files that were sent, or among lines that were given. */
function isInside(place: string, { passages }: Checking): boolean {
  const found = /^(.*?)(?::|#L)(\d+)(?:-L?(\d+))?$/.exec(place)
  const [, path = '', first = '', last = first] = found ?? []
  if (passages.mine.has(path)) return true
  return passages.all().some(({ citation }) => {
    const same = citation.path === path || citation.path.endsWith(`/${path}`)
    return same && Number(first) >= citation.startLine && Number(last) <= citation.endLine
  })
}

function isQuoted(address: string, { passages }: Checking): boolean {
  const bare = address.replace(/^<|>$/g, '').replace(/[.,;:!?]+$/, '')
  return passages.all().some(({ text }) => text.includes(bare))
}

function strike(what: string, { struck }: Checking): string {
  struck.push(what)
  return ''
}

async function replaceEach(
  text: string,
  pattern: RegExp,
  by: (found: RegExpExecArray) => Promise<string>,
): Promise<string> {
  const parts: string[] = []
  let from = 0
  for (const found of text.matchAll(pattern)) {
    parts.push(text.slice(from, found.index), await by(found))
    from = found.index + found[0].length
  }
  return parts.join('') + text.slice(from)
}
