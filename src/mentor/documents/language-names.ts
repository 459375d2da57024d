import type { Language } from '../parse/language.ts'

/** As people write them, in the order of documents. */
export const LANGUAGE_NAMES: Readonly<Record<Language, string>> = {
  typescript: 'TypeScript',
  tsx: 'TSX',
  javascript: 'JavaScript',
  python: 'Python',
  go: 'Go',
  csharp: 'C#',
  java: 'Java',
}
