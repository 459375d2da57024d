/** Plain data of which no number is a fraction. */
type Plain = string | number | boolean | readonly Plain[] | { readonly [key: string]: Plain }

/**
 * JSON in the one form of RFC 8785: keys sorted by UTF-16 code units, no white space, text and numbers as
 * ECMAScript writes them. Anyone's library of that name gets the same bytes.
 */
export function canonical(value: Plain): string {
  if (typeof value !== 'object') return JSON.stringify(value)
  if (isList(value)) return `[${value.map(canonical).join(',')}]`
  const pairs = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return `{${pairs.map(([key, inner]) => `${JSON.stringify(key)}:${canonical(inner)}`).join(',')}}`
}

function isList(value: object): value is readonly Plain[] {
  return Array.isArray(value)
}
