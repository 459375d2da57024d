import { ReturnRefused } from './failures.ts'

const LONGEST = 1000
const OURS = 'http://towpath.invalid'

/**
 * Where a sign-in ends: a path of ours, as it may stand in a Location. Browsers read `\` as `/` and drop tabs and line
 * ends, and `/.//evil.example` is `//evil.example` once dots are gone: so it is judged as it comes out, not as it came in.
 */
export function returnPath(text: string): string {
  if (text.length > LONGEST || !text.startsWith('/') || /[\\\p{Cc}]/u.test(text)) throw ReturnRefused()
  const url = URL.parse(text, OURS)
  if (url?.origin !== OURS || url.pathname.startsWith('//')) throw ReturnRefused()
  return `${url.pathname}${url.search}${url.hash}`
}
