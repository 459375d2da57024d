const CODE = /`[^`\n]+`/g
const NUMBER = /\d+(?:[.,]\d+)*/g

/**
 * Whether a paragraph still says what the plain one does: all that stands in backticks and no other, citations among
 * it, and no number that is not there. What would be markup, a link or more than a paragraph is refused too.
 */
export function isFaithful(told: string, plain: string): boolean {
  if (told === '' || told.length > plain.length * 2 + 200) return false
  const rest = told.replace(CODE, ' ')
  if (/[<>`|]|\]\(|\]\[|:\/\/|^\s*(?:#|[-*+] |\d+[.)] |>|={3}|-{3})/m.test(rest.replace(/\\[<>`|]/g, ' '))) return false
  const [said, given] = [new Set(told.match(CODE)), new Set(plain.match(CODE))]
  if (said.symmetricDifference(given).size > 0) return false
  const numbers = new Set(plain.replace(CODE, ' ').match(NUMBER))
  return (rest.match(NUMBER) ?? []).every(number => numbers.has(number))
}
