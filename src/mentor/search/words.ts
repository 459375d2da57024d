/** Questions are read so far and no further: what comes after adds nothing that a ranking could tell. */
const LONGEST_QUESTION = 2000
const MOST_WORDS = 32
const LONGEST_WORD = 64

// Words of questions that stand in every answer. Those that code uses as names (get, set, all, new …) stay.
const STOP = new Set(
  (
    'a an and are as at be but by can could did do does for from has have how i if in into is it its me my of on or our ' +
    's so such t that the their them then there these they this those to was we what when where which while who why ' +
    'will with without would you your'
  ).split(' '),
)

/**
 * The words of a text, lower-case: identifiers are cut at camelCase, snake_case and digits, so that `parseHTTPHeader2`
 * is found by "http header". Nothing that FTS5 could take for its syntax is left.
 */
export function splitWords(text: string): string[] {
  return (
    text
      .normalize('NFC')
      .replace(/([\p{Ll}\d])(\p{Lu})/gu, '$1 $2')
      .replace(/(\p{Lu})(\p{Lu}\p{Ll})/gu, '$1 $2')
      .replace(/(\p{L})(\d)/gu, '$1 $2')
      .replace(/(\d)(\p{L})/gu, '$1 $2')
      .toLowerCase()
      .match(/[\p{L}\p{M}\p{N}]+/gu) ?? []
  )
}

/** What to look for: each word once, without those that say nothing unless there are no others. */
export function questionWords(question: string): string[] {
  const words = new Set(splitWords(question.slice(0, LONGEST_QUESTION)).filter(word => word.length <= LONGEST_WORD))
  const telling = [...words].filter(word => !STOP.has(word))
  return (telling.length > 0 ? telling : [...words]).slice(0, MOST_WORDS)
}

/** Any of the words, in the syntax of FTS5. They hold letters and digits only, and are quoted all the same. */
export function anyOf(words: readonly string[]): string {
  return words.map(word => `"${word.replaceAll('"', '')}"`).join(' OR ')
}

/**
 * Whether two words are likely forms of one: "parse" and "parsing", "file" and "files". Nearly what porter's stems say,
 * for words that are not looked up but compared.
 */
export function sameWord(one: string, other: string): boolean {
  if (one === other) return true
  const [short, long] = one.length <= other.length ? [one, other] : [other, one]
  if (short.length < 4) return short.length === 3 && long === `${short}s`
  let common = 0
  while (common < short.length && short[common] === long[common]) common++
  return common >= Math.max(4, short.length - 2) && long.length - common <= 4
}
