/** How a name of several words is written; `flat` is one word, which fits more than one way. */
export type Case = 'snake_case' | 'camelCase' | 'PascalCase' | 'UPPER_CASE' | 'flat' | 'mixed'

export function caseOf(name: string): Case {
  const bare = name.replace(/^[_$@]+|[_\d]+$/g, '')
  if (/[^A-Za-z0-9_]/.test(bare) || bare === '') return 'mixed'
  if (bare.includes('_')) {
    if (bare === bare.toLowerCase()) return 'snake_case'
    return bare === bare.toUpperCase() ? 'UPPER_CASE' : 'mixed'
  }
  if (bare === bare.toLowerCase()) return 'flat'
  if (bare === bare.toUpperCase()) return bare.length > 1 ? 'UPPER_CASE' : 'PascalCase'
  return /^[A-Z]/.test(bare) ? 'PascalCase' : 'camelCase'
}

/** The same words in another case; underscores at the ends stay. */
export function inCase(name: string, wanted: string): string | undefined {
  const [, before = '', bare = '', after = ''] = /^([_$@]*)(.*?)(_*)$/.exec(name) ?? []
  const words = bare
    .replace(/([a-z\d])([A-Z])/g, '$1_$2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1_$2')
    .toLowerCase()
    .split('_')
    .filter(Boolean)
  const capital = (word: string) => word.charAt(0).toUpperCase() + word.slice(1)
  const written: Readonly<Record<string, () => string>> = {
    snake_case: () => words.join('_'),
    UPPER_CASE: () => words.join('_').toUpperCase(),
    camelCase: () => words.map((word, i) => (i === 0 ? word : capital(word))).join(''),
    PascalCase: () => words.map(capital).join(''),
  }
  const make = words.length > 0 ? written[wanted] : undefined
  return make && before + make() + after
}
