import { failure } from '../../kernel/index.ts'

/** What a template is filled with: texts, numbers, and lists whose parts are filled likewise. */
export type Values = { readonly [name: string]: string | number | readonly Values[] }

export const TemplateInvalid = failure('DOCUMENT_TEMPLATE_INVALID', 400, (line: number, why: string, next: string) => ({
  says: `The document's template cannot be filled at line ${line}: ${why}`,
  next,
}))

type Part =
  | { kind: 'text'; text: string }
  | { kind: 'value'; name: string; line: number }
  | { kind: 'list'; name: string; line: number; filled: boolean; parts: Part[] }

const LONGEST = 200_000
/** A tag of a list alone on its line leaves no line behind. */
const TAG = /^[ \t]*\{\{([#^/])\s*([A-Za-z]+)\s*\}\}[ \t]*\n|\{\{([#^/]?)\s*([A-Za-z]+)\s*\}\}/gm

/**
 * Fills `{{name}}`, repeats `{{#list}} … {{/list}}` for each of a list, and keeps `{{^list}} … {{/list}}` where it is
 * empty. Names are looked up inwards out. A name that is nowhere is refused: a template with a gap would go unseen.
 */
export function fillTemplate(template: string, values: Values): string {
  if (template.length > LONGEST) {
    throw TemplateInvalid(
      1,
      `it has more than ${LONGEST} characters`,
      'Shorten it; lists repeat what is between their tags',
    )
  }
  return fill(parse(template.replaceAll('\r\n', '\n')), [values])
}

function parse(template: string): Part[] {
  const top: Part[] = []
  const open: Extract<Part, { kind: 'list' }>[] = []
  const put = (part: Part) => (open.at(-1)?.parts ?? top).push(part)
  let at = 0
  for (const { 0: written, 1: alone, 2: listed, 3: within, 4: named, index } of template.matchAll(TAG)) {
    const [mark, name = '', tag] = [alone ?? within, listed ?? named, written.trim()]
    const line = template.slice(0, index).split('\n').length
    put({ kind: 'text', text: template.slice(at, index) })
    at = index + written.length
    if (mark === '') put({ kind: 'value', name, line })
    else if (mark === '/') {
      const begun = open.pop()
      if (begun?.name !== name)
        throw TemplateInvalid(line, `${tag} closes what is not open`, `Open it with {{#${name}}}`)
    } else {
      const list = { kind: 'list' as const, name, line, filled: mark === '#', parts: [] }
      put(list)
      open.push(list)
    }
  }
  const left = open.at(-1)
  if (left) throw TemplateInvalid(left.line, `{{#${left.name}}} is never closed`, `Close it with {{/${left.name}}}`)
  put({ kind: 'text', text: template.slice(at) })
  return top
}

function fill(parts: readonly Part[], scopes: readonly Values[]): string {
  return parts
    .map(part => {
      if (part.kind === 'text') return part.text
      const value = lookUp(part, scopes)
      if (part.kind === 'value') {
        if (typeof value === 'object')
          throw TemplateInvalid(part.line, `"${part.name}" is a list`, `Write {{#${part.name}}} … {{/${part.name}}}`)
        return String(value)
      }
      if (typeof value !== 'object')
        throw TemplateInvalid(part.line, `"${part.name}" is no list`, `Write {{${part.name}}}`)
      if (!part.filled) return value.length === 0 ? fill(part.parts, scopes) : ''
      return value.map(each => fill(part.parts, [...scopes, each])).join('')
    })
    .join('')
}

function lookUp({ name, line }: { name: string; line: number }, scopes: readonly Values[]): Values[string] {
  const scope = scopes.findLast(one => Object.hasOwn(one, name))
  const value = scope?.[name]
  if (value !== undefined) return value
  const known = [...new Set(scopes.flatMap(one => Object.keys(one)))].sort().join(', ')
  throw TemplateInvalid(line, `there is no "${name}" here`, `What there is: ${known}`)
}
