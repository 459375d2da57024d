import { ExpressionMalformed, TemplateTooLarge } from './failures.ts'

/** What stands between the brackets of `"[concat('a', parameters('b').c[0])]"`. */
export type Expression =
  | { readonly kind: 'literal'; readonly value: string | number }
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly Expression[] }
  | { readonly kind: 'member'; readonly of: Expression; readonly key: Expression }

/** As Resource Manager has it. */
const LONGEST = 24_576
const DEEPEST = 32

/**
 * An expression's inner text, or the plain text that a string is. Both brackets make an expression;
 * `[[…]` is the text `[…]`, and one bracket alone means nothing (docs: "Escape characters").
 */
export function readText(text: string): { expression: string } | { plain: string } {
  if (!text.startsWith('[') || !text.endsWith(']') || text.length < 2) return { plain: text }
  if (text.startsWith('[[')) return { plain: text.slice(1) }
  return { expression: text.slice(1, -1) }
}

/** The other way: text that `readText` gives back as it was. */
export function writeText(text: string): string {
  return text.startsWith('[') && text.endsWith(']') && text.length > 1 ? `[${text}` : text
}

export function parseExpression(text: string): Expression {
  if (text.length > LONGEST) throw TemplateTooLarge(`an expression has more than ${LONGEST} characters`)
  const parser = new Parser(text)
  const found = parser.expression(0)
  parser.end()
  return found
}

class Parser {
  readonly text: string
  at = 0

  constructor(text: string) {
    this.text = text
  }

  expression(depth: number): Expression {
    if (depth > DEEPEST) throw this.wrong(`nested deeper than ${DEEPEST}`)
    let found = this.primary(depth)
    for (let members = 0; ; members++) {
      if (members > DEEPEST) throw this.wrong(`more than ${DEEPEST} members in a row`)
      if (this.takes('.')) found = { kind: 'member', of: found, key: { kind: 'literal', value: this.name() } }
      else if (this.takes('[')) {
        found = { kind: 'member', of: found, key: this.expression(depth + 1) }
        this.expect(']')
      } else return found
    }
  }

  end(): void {
    this.space()
    if (this.at < this.text.length) throw this.wrong('more stands here than one expression')
  }

  primary(depth: number): Expression {
    this.space()
    if (this.text[this.at] === "'") return { kind: 'literal', value: this.quoted() }
    const number = this.match(/-?[0-9]{1,15}(?![\w])/y)
    if (number !== undefined) return { kind: 'literal', value: Number(number) }
    const name = this.name()
    this.expect('(')
    return { kind: 'call', name, args: this.args(depth) }
  }

  args(depth: number): Expression[] {
    const args: Expression[] = []
    if (this.takes(')')) return args
    do args.push(this.expression(depth + 1))
    while (this.takes(','))
    this.expect(')')
    return args
  }

  quoted(): string {
    const found = this.match(/'((?:[^']|'')*)'/y)
    if (found === undefined) throw this.wrong('the text that begins here does not end')
    return found.slice(1, -1).replaceAll("''", "'")
  }

  name(): string {
    this.space()
    const found = this.match(/[A-Za-z_$][\w$]*/y)
    if (found === undefined) throw this.wrong('a function, a number or text between single quotes belongs here')
    return found
  }

  takes(sign: string): boolean {
    this.space()
    if (this.text[this.at] !== sign) return false
    this.at++
    return true
  }

  expect(sign: string): void {
    if (!this.takes(sign)) throw this.wrong(`"${sign}" belongs here`)
  }

  space(): void {
    this.match(/[ \t\r\n]*/y)
  }

  match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at
    const found = pattern.exec(this.text)?.[0]
    if (found !== undefined) this.at += found.length
    return found
  }

  wrong(why: string) {
    return ExpressionMalformed(this.text, this.at, why)
  }
}
