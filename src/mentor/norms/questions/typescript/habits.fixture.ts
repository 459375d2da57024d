import { aroundSite, type Breaking, type Breakings, edit, rewrite, rewriteAround, swap } from '../breaking.fixture.ts'

const quoted = (text: string, to: (inner: string) => string) => text[0] + to(text.slice(1, -1)) + text[0]

/** A declaration of a type put before the first statement: what the file doesn't do yet. */
const with1st =
  (line: string): Breaking['breaks'] =>
  ({ file }) => {
    const at = file.root.children.find(child => child.named && child.type !== 'hash_bang_line')?.startIndex
    return at === undefined ? undefined : [edit(at, at, `${line}\n`)]
  }

const title = rewrite((text, { site }) =>
  quoted(text, inner => (site.answer === 'should …' ? inner.replace(/^should /i, '') : `should ${inner}`)),
)

const renamedTest =
  (to: (path: string) => string): Breaking['breaks'] =>
  ({ file }) => ({ path: to(file.path) })

/** Imports, tests, logging, async, APIs: what is done. */
export const habitBreaking: Breakings = {
  'imports/node-prefix': {
    example: "import { join } from 'node:path'\n",
    breaks: rewrite((text, { site }) =>
      quoted(text, inner => (site.answer === 'bare' ? `node:${inner}` : inner.replace('node:', ''))),
    ),
  },
  'imports/extension': {
    example: "import { a } from './a.ts'\n",
    breaks: rewrite((text, { site }) =>
      quoted(text, inner => (site.answer === 'none' ? `${inner}.js` : inner.replace(/\.[cm]?[jt]sx?$/, ''))),
    ),
  },
  'imports/type-only': {
    example: "import type { A } from './a.ts'\nlet a: A\n",
    breaks: rewriteAround(['import_statement'], (text, { site }) =>
      site.answer === 'import' ? text.replace('import', 'import type') : text.replaceAll(/\btype (?=[\w{])/g, ''),
    ),
  },
  'imports/package-door': {
    example: "import { a } from 'pack'\n",
    breaks: rewrite((text, { site }) =>
      site.answer === 'by its door' ? quoted(text, inner => `${inner}/dist/inner`) : undefined,
    ),
  },
  'imports/upwards': {
    example: "import { a } from './a.ts'\n",
    breaks: rewrite((text, { site }) =>
      site.answer === 'up to three folders up' ? quoted(text, inner => `../../../../${inner}`) : undefined,
    ),
  },
  'imports/layers': {
    example: "import { a } from '../store/a.ts'\n",
    path: 'src/routes/b.ts',
    breaks: ({ file, site }) => {
      const [ours = '', , theirs = ''] = site.answer.split(' ')
      const at = file.path.split('/').indexOf(ours)
      const literal = `'${'../'.repeat(file.path.split('/').length - at - 1)}${ours}/moved.ts'`
      const path = [...file.path.split('/').slice(0, at), theirs, ...file.path.split('/').slice(at + 1)].join('/')
      return { path, edits: [edit(site.startIndex, site.endIndex, literal)] }
    },
  },
  'tests/placement': {
    example: "test('a b', () => {})\n",
    path: 'src/a.test.ts',
    breaks: ({ file, site }) => ({
      path:
        site.answer === 'beside the source' ? `test/${file.path}` : file.path.replaceAll(`${site.answer}/`, 'beside/'),
    }),
  },
  'tests/suffix': {
    example: "test('a b', () => {})\n",
    path: 'src/a.test.ts',
    breaks: renamedTest(path =>
      path.replace(/[.\-_](test|spec)(?=\.\w+$)/, (_, word) => (word === 'test' ? '.spec' : '.test')),
    ),
  },
  'tests/case': {
    example: "test('goes there', () => {})\n",
    breaks: rewrite((text, { site }) => text.replace(/\b(?:it|test)\b/, site.answer === 'it' ? 'test' : 'it')),
  },
  'tests/running': {
    example: "test('goes there', () => {})\n",
    breaks: rewrite((text, { site }) => (site.answer === 'runs' ? `${text}.only` : undefined)),
  },
  'tests/title': { example: "test('goes there', () => {})\n", breaks: title },
  'logging/console': { example: 'go()\n', breaks: with1st("console.log('here')") },
  'logging/message': {
    example: "logger.info('went there', { place })\n",
    breaks: rewrite((text, { site }) => (site.answer === 'constant' ? `\`\${place}: \${${text}}\`` : "'went there'")),
  },
  'logging/through': {
    example: "logger.info('went there')\n",
    breaks: rewrite((_, { site }) => (site.answer === 'console' ? 'logger.info' : 'console.log')),
  },
  'async/awaits': {
    example: 'async function go() {\n  await walk()\n  return 1\n}\n',
    breaks: rewriteAround(['function_declaration', 'arrow_function', 'function_expression'], (text, { site }) =>
      site.answer === 'awaits' ? 'async () => {\n  walk()\n  return 1\n}' : text.replace('{', '{\nawait walk()\n'),
    ),
  },
  'async/then': {
    example: 'async function go() {\n  await walk()\n}\n',
    breaks: rewriteAround(['await_expression', 'call_expression'], (text, { site }) =>
      site.answer === 'await' ? `(${text.replace(/^await\s+/, '')}).then(done => done)` : undefined,
    ),
  },
  'async/for-each': {
    example: 'list.forEach(one => go(one))\n',
    breaks: rewriteAround(['call_expression'], (text, { site }) =>
      site.answer === 'plain callback' ? text.replace(/\.forEach\(/, '.forEach(async ') : undefined,
    ),
  },
  'async/promise-executor': {
    example: 'new Promise(resolve => resolve(1))\n',
    breaks: rewriteAround(['new_expression'], (text, { site }) =>
      site.answer === 'plain executor' ? text.replace('(', '(async ') : undefined,
    ),
  },
  'async/in-loop': {
    example: 'await Promise.all(list.map(one => go(one)))\n',
    breaks: held =>
      held.site.answer === 'all at once'
        ? rewriteAround(['expression_statement'], () => 'for (const one of list) {\n  await go(one)\n}')(held)
        : rewriteAround(['for_in_statement'], () => 'await Promise.all(list.map(go))')(held),
  },
  'apis/equality': {
    example: 'if (a === b) go()\n',
    breaks: rewrite((text, { site }) => (site.answer === '===' ? text.slice(0, 2) : `${text}=`)),
  },
  'apis/declaration': { example: 'const a = 1\n', breaks: swap({ 'const or let': 'var' }) },
  'apis/never-reassigned': { example: 'const a = 1\n', breaks: swap({ const: 'let' }) },
  'apis/array-check': {
    example: 'if (Array.isArray(a)) go()\n',
    breaks: rewrite((text, { site }) =>
      site.answer === 'Array.isArray' ? `${text.slice(14, -1)} instanceof Array` : 'Array.isArray(a)',
    ),
  },
  'apis/substring': {
    example: 'a.slice(1)\n',
    breaks: rewrite((_, { site }) => (site.answer === 'slice' ? 'substr' : 'slice')),
  },
  'apis/concatenation': {
    example: `go(\`a \${b}\`)\n`,
    breaks: rewrite((_, { site }) => (site.answer === 'template' ? "('a ' + b)" : `\`a \${b}\``)),
  },
  'apis/optional-chaining': {
    example: 'go(a?.b)\n',
    breaks: rewrite((text, { site }) => {
      const [left = '', right = ''] = text.split('?.')
      const plain = /^[\w.]+$/.test(left) && /^\w+$/.test(right)
      return site.answer === '?.' ? (plain ? `(${left} && ${left}.${right})` : undefined) : 'a?.b'
    }),
  },
  'apis/default-value': {
    example: "go(a ?? '')\n",
    breaks: ({ file, site }) => {
      const whole = file
        .nodes('binary_expression')
        .find(node => node.children.some(child => child.startIndex === site.startIndex))
      const text = site.answer === '??' ? "(a || '')" : "(a ?? '')"
      return whole && [edit(whole.startIndex, whole.endIndex, text)]
    },
  },
  'apis/membership': {
    example: 'if (a.includes(b)) go()\n',
    breaks: rewrite((text, { site }) =>
      site.answer === 'includes' ? `(${text.replace(/\.includes\(/, '.indexOf(')} !== -1)` : undefined,
    ),
  },
  'apis/copy': {
    example: 'const a = { ...b, c }\n',
    breaks: rewrite((text, { site }) =>
      site.answer === 'spread' ? `Object.assign({}, ${text.replaceAll('...', 'x: ')})` : '{ ...b }',
    ),
  },
  'apis/last-element': {
    example: 'go(a.at(-1))\n',
    breaks: rewrite((_, { site }) => (site.answer === 'at(-1)' ? 'a[a.length - 1]' : 'a.at(-1)')),
  },
  'apis/callback': {
    example: 'list.map(one => one.a)\n',
    breaks: held => {
      const whole = aroundSite(held, held.site.answer === 'arrow' ? ['arrow_function'] : ['function_expression'])
      const text = held.site.answer === 'arrow' ? 'function (one) {}' : 'one => {}'
      return whole && [edit(whole.startIndex, whole.endIndex, text)]
    },
  },
  'apis/radix': {
    example: "parseInt('1', 10)\n",
    breaks: rewrite((text, { site }) => (site.answer === 'without' ? text.replace(/\)$/, ', 10)') : 'parseInt(a)')),
  },
  'apis/any': {
    example: 'let a: unknown\n',
    breaks: rewrite((_, { site }) => (site.answer === 'any' ? 'unknown' : 'any')),
  },
  'apis/non-null': { example: 'go(a)\n', breaks: with1st('go(a!)') },
  'apis/object-type': {
    example: 'interface A {\n  b: string\n}\n',
    breaks: held =>
      held.site.answer === 'type'
        ? rewriteAround(['type_alias_declaration'], () => 'interface Other {}')(held)
        : rewriteAround(['interface_declaration'], () => 'type Other = { a: string }')(held),
  },
  'apis/choice': {
    example: "type A = 'b' | 'c'\n",
    breaks: held =>
      held.site.answer === 'union'
        ? rewriteAround(['type_alias_declaration'], () => 'enum Other { A }')(held)
        : rewriteAround(['enum_declaration'], () => "type Other = 'a' | 'b'")(held),
  },
  'apis/array-type': {
    example: 'let a: string[]\n',
    breaks: rewrite((text, { site }) =>
      site.answer === 'T[]' ? `Array<${text.slice(0, -2)}>` : `${text.slice(6, -1)}[]`,
    ),
  },
  'apis/suppression': {
    example: '// @ts-expect-error later\ngo()\n',
    breaks: rewrite((text, { site }) =>
      site.answer === '@ts-ignore'
        ? text.replace('@ts-ignore', '@ts-expect-error')
        : text.replace('@ts-expect-error', '@ts-ignore'),
    ),
  },
  'apis/return-type': {
    example: 'export function go(): void {}\n',
    breaks: held => {
      const made = aroundSite(held, ['function_declaration'])
      const type = made?.children.find(child => child.field === 'return_type')
      const given = made?.children.find(child => child.field === 'parameters')
      if (type) return [edit(type.startIndex, type.endIndex, '')]
      return given && [edit(given.endIndex, given.endIndex, ': void')]
    },
  },
  'imports/modules': {
    example: "import { a } from './a.js'\n",
    breaks: ({ file, site }) =>
      site.answer === 'import'
        ? [edit(file.text.length, file.text.length, "\nconst other = require('other')\n")]
        : [edit(file.text.length, file.text.length, "\nimport other from 'other'\n")],
  },
}
