import type { Language } from './language.ts'

type Mend = readonly [what: RegExp, by: (found: string) => string]

const blank = (found: string) => ' '.repeat(found.length)

/** What TypeScript has learned since its grammar was written: 20 of 3,967 files of seven repositories, and those that all others import. */
const TYPESCRIPT: readonly Mend[] = [
  // <in out T>, <const T>
  [/(?<=(?:[<,]|^)\s*)(?:(?:in|out|const) )+(?=[A-Za-z_$][\w$]*\s*(?:[,>=]|extends\b))/gm, blank],
  // export type * from
  [/(?<=^\s*export )type(?= \*)/gm, blank],
  // using a = b, await using a = b
  [/(?<=^\s*)(?:await )?using(?= [A-Za-z_$][\w$]*\s*[:=])/gm, found => 'const'.padStart(found.length)],
  // accessor a = 1
  [/(?<=^\s*(?:[a-z]+ )*)accessor(?= [#\w$]+)/gm, blank],
]

/** A call signature below another without a semicolon. In TSX a line that begins so is an element. */
const CALL_SIGNATURE: Mend = [/(?<=^[ \t]*)[ \t](?=<[\s\w$])/gm, () => ';']

const MENDS: Partial<Record<Language, readonly Mend[]>> = {
  typescript: [...TYPESCRIPT, CALL_SIGNATURE],
  tsx: TYPESCRIPT,
}

/**
 * The text as an older grammar understands it, with every character in its place. To be believed only where the text as
 * it is has errors and this has none.
 */
export function mend(text: string, language: Language): string {
  return (MENDS[language] ?? []).reduce((now, [what, by]) => now.replace(what, by), text)
}
