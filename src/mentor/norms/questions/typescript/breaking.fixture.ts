import type { Language } from '../../../parse/language.ts'
import { questionsOf } from '../../questions.ts'
import {
  aroundSite,
  type Breaking,
  type Breakings,
  edit,
  rewrite,
  rewriteAround,
  swap,
  withoutDoc,
} from '../breaking.fixture.ts'
import { inCase } from '../case.ts'
import { habitBreaking } from './habits.fixture.ts'

const TRY = "try {\n  go()\n} catch (error) {\n  throw new LostError('gone', { cause: error })\n}\n"
const DOC = '/** Goes there and back.\n * @param a how far\n */\nexport function go(a) {\n  walk(a)\n}\n'

const renamed = rewrite((text, { site }) => inCase(text, site.answer === 'snake_case' ? 'camelCase' : 'snake_case'))
const lowered = rewrite(text => text.charAt(0).toLowerCase() + text.slice(1))

const longer =
  (lines: number): Breaking['breaks'] =>
  ({ file, site }) => {
    const body = file
      .nodes('function_declaration', 'method_definition')
      .find(node => node.startIndex <= site.startIndex && node.endIndex > site.endIndex)
      ?.children.find(child => child.field === 'body')
    return body && /^up to/.test(site.answer)
      ? [edit(body.startIndex + 1, body.startIndex + 1, '\n;'.repeat(lines))]
      : undefined
  }

const namedFile: Breaking['breaks'] = ({ file, site }) => {
  const [, folder = '', name = '', rest = ''] = /^(.*\/)?([^/.]+)(.*)$/.exec(file.path) ?? []
  const words = name
    .replace(/([a-z\d])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .split(/[-_]/)
  return { path: `${folder}${words.join(site.answer === 'snake_case' ? '-' : '_')}${rest}` }
}

/** Errors, names, layout, documents: what is said. */
const saidBreaking: Breakings = {
  'errors/catch-empty': {
    example: TRY,
    breaks: held => {
      const body = aroundSite(held, ['catch_clause'])?.children.find(child => child.field === 'body')
      return body && held.site.answer === 'says something' ? [edit(body.startIndex, body.endIndex, '{}')] : undefined
    },
  },
  'errors/cause-kept': {
    example: TRY,
    breaks: rewrite((text, { site }) =>
      site.answer === 'kept' ? text.replace(/\(.*\)$/s, "('failed')") : text.replace(/\)$/, ', { cause: error })'),
    ),
  },
  'errors/throw-error': { example: TRY, breaks: swap({ 'an error': "'failed'" }) },
  'errors/own-type': {
    example: TRY,
    breaks: rewrite((text, { site }) =>
      text.replace(/^new [\w.]+/, site.answer === 'a bare Error' ? 'new LostError' : 'new Error'),
    ),
  },
  'errors/caught-name': {
    example: TRY,
    breaks: held => {
      const clause = aroundSite(held, ['catch_clause'])
      const name = held.file.text.slice(held.site.startIndex, held.site.endIndex)
      const used = held.file.nodes('identifier', 'shorthand_property_identifier').filter(node => {
        const inside = clause && node.startIndex >= clause.startIndex && node.endIndex <= clause.endIndex
        return inside && held.file.textOf(node) === name
      })
      return used.map(node => {
        const text = node.type === 'identifier' ? 'thrown' : `${name}: thrown`
        return edit(node.startIndex, node.endIndex, text)
      })
    },
  },
  'errors/unused-binding': {
    example: 'try {\n  go()\n} catch {\n  stay()\n}\n',
    breaks: swap({ 'left out': 'catch (unused)' }),
  },
  'errors/rejection': {
    example: 'load().then(show).catch(fail)\n',
    breaks: rewriteAround(['expression_statement'], (text, { site }) =>
      site.answer === 'handled' ? 'load().then(show)' : text.replace(/;?$/, '.catch(fail)'),
    ),
  },
  'naming/function': { example: 'export function readAll() {}\n', breaks: renamed },
  'naming/method': { example: 'class A {\n  readAll() {}\n}\n', breaks: renamed },
  'naming/variable': { example: 'function go(fileName) {}\n', breaks: renamed },
  'naming/constant': {
    example: 'export const MAX_LENGTH = 10\n',
    breaks: rewrite((text, { site }) => inCase(text, site.answer === 'UPPER_CASE' ? 'camelCase' : 'UPPER_CASE')),
  },
  'naming/class': { example: 'class Reader {}\n', breaks: lowered },
  'naming/type': { example: 'type Shape = { a: string }\n', breaks: lowered },
  'naming/interface-prefix': {
    example: 'interface Shape {}\n',
    breaks: rewrite((text, { site }) => {
      if (site.answer !== 'the name alone') return text.slice(1)
      // Before initials an I is one of them.
      return /^[A-Z][a-z]/.test(text) ? `I${text}` : undefined
    }),
  },
  'naming/type-parameter': {
    example: 'type Box<T> = { a: T }\n',
    breaks: rewrite((_, { site }) => (site.answer === 'a letter' ? 'Held' : 'H')),
  },
  'naming/private': {
    example: 'class A {\n  #left = 1\n}\n',
    breaks: rewrite((text, { site }) =>
      site.answer === '#name' ? text.replace('#', '_') : site.answer === '_name' ? text.replace('_', '#') : 'protected',
    ),
  },
  'naming/boolean-function': {
    example: 'function isReady(): boolean {\n  return true\n}\n',
    breaks: rewrite((_, { site }) => (site.answer === 'asks' ? 'readiness' : 'isReady')),
  },
  'naming/file': { example: 'go()\n', path: 'src/file-reader.ts', breaks: namedFile },
  'layout/file-length': {
    example: 'go()\n',
    breaks: ({ file, site }) =>
      site.answer === 'up to 500 lines'
        ? [edit(file.text.length, file.text.length, '\n// more'.repeat(501))]
        : undefined,
  },
  'layout/function-length': { example: 'function go() {}\n', breaks: longer(81) },
  'layout/parameters': {
    example: 'function go(a) {}\n',
    breaks: rewrite((text, { site }) =>
      site.answer === 'up to 4' ? text.replace('(', '(p1, p2, p3, p4, ') : undefined,
    ),
  },
  'layout/imports-first': {
    example: "import { a } from './a.ts'\n",
    breaks: ({ site }) =>
      site.answer === 'first' ? [edit(site.startIndex, site.startIndex, 'before()\n')] : undefined,
  },
  'layout/exports': {
    example: 'export function go() {}\n',
    breaks: held => {
      const whole = aroundSite(held, ['export_statement'])
      const what = whole?.children.find(child => child.field === 'declaration')?.type ?? ''
      if (held.site.answer === 'default')
        return rewriteAround(['export_statement'], () => 'export const named = 1')(held)
      return /^(?:class|function)_declaration$/.test(what) ? rewrite(() => 'export default')(held) : undefined
    },
  },
  'docs/exported': { example: DOC, breaks: withoutDoc(/^\s*(?:\/\*\*|\*|.*\*\/\s*$)/) },
  'docs/full-stop': {
    example: '/** Goes there and back. */\nexport function go() {}\n',
    breaks: ({ file, site }) => {
      const start = file.text.lastIndexOf('/**', site.startIndex)
      const [first = ''] = file.text.slice(start).split(/\n[\s*]*(?=\n|@)|\s*\*\//)
      const at = start + first.trimEnd().length - 1
      // Behind code or a tag no sentence is seen any more.
      if (/[:}>`]/.test(file.text[at - 1] ?? '')) return undefined
      return site.answer === 'ends with a full stop' ? [edit(at, at + 1, '')] : [edit(at + 1, at + 1, '.')]
    },
  },
  'docs/params': {
    example: DOC,
    breaks: ({ file, site }) => {
      const start = file.text.lastIndexOf('/**', site.startIndex)
      const end = file.text.indexOf('*/', start)
      const text = file.text.slice(start, end)
      return [
        site.answer === '@param'
          ? edit(start, end, text.replaceAll(/@(?:param|arg)\b/g, 'with'))
          : edit(end, end, '\n * @param a how far\n '),
      ]
    },
  },
}

const all: Breakings = { ...saidBreaking, ...habitBreaking }

export const typescriptBreaking: Breakings = asked('typescript')
export const javascriptBreaking: Breakings = asked('javascript')

function asked(language: Language): Breakings {
  const ids = new Set(questionsOf(language).map(({ id }) => id))
  return Object.fromEntries(Object.entries(all).filter(([id]) => ids.has(id)))
}
