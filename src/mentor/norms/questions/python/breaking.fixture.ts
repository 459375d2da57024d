import {
  aroundSite,
  type Breakings,
  edit,
  indentAt,
  rewrite,
  rewriteAround,
  swap,
  turnedImport,
} from '../breaking.fixture.ts'
import { inCase } from '../case.ts'

const TRY = 'try:\n    go()\nexcept OSError as e:\n    raise Lost("gone") from e\n'
const DOC = 'def go():\n    """Goes there.\n\n    And back.\n    """\n    return 1\n'

const renamed = rewrite((text, { site }) => inCase(text, site.answer === 'snake_case' ? 'camelCase' : 'snake_case'))

export const pythonBreaking: Breakings = {
  'errors/except-named': {
    example: TRY,
    breaks: ({ file, site }) => {
      const end = file.text.indexOf(':', site.startIndex)
      return site.answer === 'named' ? [edit(site.endIndex, end, '')] : undefined
    },
  },
  'errors/except-type': { example: TRY, breaks: swap({ specific: 'Exception' }) },
  'errors/except-handled': {
    example: TRY,
    breaks: held => {
      const body = aroundSite(held, ['except_clause'])?.children.find(one => one.type === 'block')
      return body && held.site.answer === 'handled' ? [edit(body.startIndex, body.endIndex, 'pass')] : undefined
    },
  },
  'errors/raise-from': {
    example: TRY,
    breaks: rewriteAround(['raise_statement'], (text, { site }) =>
      site.answer === 'with its cause' ? text.replace(/\s+from\s+\S+$/, '') : `${text} from None`,
    ),
  },
  'errors/raise-type': { example: TRY, breaks: swap({ specific: 'Exception' }) },
  'errors/open-with': {
    example: 'def read():\n    with open("a") as file:\n        return file.read()\n',
    breaks: held => {
      const whole = aroundSite(held, ['with_statement'])
      const at = whole?.startIndex ?? 0
      const line = `left = open("a")\n${indentAt(held.file.text, at)}`
      return whole && held.site.answer === 'in a with' ? [edit(at, at, line)] : undefined
    },
  },
  'naming/function': { example: 'def read_all():\n    pass\n', breaks: renamed },
  'naming/variable': { example: 'def read(file_name):\n    pass\n', breaks: renamed },
  'naming/class': {
    example: 'class FileReader:\n    pass\n',
    breaks: rewrite(text => inCase(text, 'snake_case')),
  },
  'naming/exception': {
    example: 'class LostError(Exception):\n    pass\n',
    breaks: rewrite(text => text.replace(/(Error|Exception)$/, 'Failure')),
  },
  'naming/self': { example: 'class A:\n    def go(self):\n        pass\n', breaks: swap({ self: 'this' }) },
  'layout/else-after-exit': {
    example: 'def go(a):\n    if a:\n        return 1\n    return 2\n',
    breaks: rewriteAround(['if_statement'], (text, { file, site }, node) => {
      const indent = indentAt(file.text, node.startIndex)
      return site.answer === 'no else' ? `${text}\n${indent}else:\n${indent}    pass` : undefined
    }),
  },
  'layout/future-annotations': {
    example: 'from __future__ import annotations\n\ndef go(a: int) -> int:\n    return a\n',
    breaks: rewrite((text, { site, file }) => {
      if (site.answer !== 'imported') return `from __future__ import annotations\n${text}`
      return file.nodes('type').length > 0 ? 'import os' : undefined
    }),
  },
  'layout/annotated': {
    example: 'def go(a: int) -> int:\n    return a\n',
    breaks: held => {
      const made = aroundSite(held, ['function_definition'])
      const given = made?.children.find(one => one.field === 'parameters')
      const returned = made?.children.find(one => one.field === 'return_type')
      if (!given) return undefined
      return returned
        ? [edit(given.endIndex, returned.endIndex, '')]
        : [edit(given.endIndex, given.endIndex, ' -> int')]
    },
  },
  'imports/wildcard': {
    example: 'from os import path, sep\n',
    breaks: rewrite(text => text.replace(/\bimport\b[\s\S]*$/, 'import *')),
  },
  'imports/one-each': { example: 'import os\n', breaks: rewrite(text => `${text}, sys`) },
  'imports/at-top': {
    example: 'import os\n\ndef go():\n    return 1\n',
    breaks: ({ file, site }) => {
      const body = file.nodes('function_definition')[0]?.children.find(one => one.field === 'body')
      const line = `import json\n${body ? indentAt(file.text, body.startIndex) : ''}`
      return body && site.answer === 'at the top' ? [edit(body.startIndex, body.startIndex, line)] : undefined
    },
  },
  'imports/own-package': {
    example: 'from .reader import Reader\n',
    path: 'src/pack/main.py',
    breaks: rewrite((text, { site, file, facts }) => {
      const folders = file.path.split('/').slice(0, -1)
      const root = folders.find((_, i) => facts.paths.has(`${folders.slice(0, i + 1).join('/')}/__init__.py`))
      if (site.answer === 'absolute') return `.${text.split('.').at(-1)}`
      return root && `${root}.${text.replace(/^\.+/, '') || 'main'}`
    }),
  },
  'imports/layers': {
    example: 'from ..store.reader import Reader\n',
    path: 'src/pack/routes/main.py',
    breaks: turnedImport,
  },
  'tests/file-name': {
    example: 'def test_a():\n    assert a == 1\n',
    path: 'tests/test_a.py',
    breaks: ({ file }) => ({ path: file.path.replace(/test_(\w+)\.py$/, '$1_test.py') }),
  },
  'tests/placement': {
    example: 'def test_a():\n    assert a == 1\n',
    path: 'tests/test_a.py',
    breaks: ({ file, site }) => ({
      path: site.answer.startsWith('in ') ? file.path.replace(/(^|\/)tests?(?=\/)/g, '$1code') : `tests/${file.path}`,
    }),
  },
  'tests/assertions': {
    example: 'def test_a():\n    assert a == 1\n',
    path: 'tests/test_a.py',
    breaks: held =>
      held.site.answer === 'assert'
        ? rewriteAround(['assert_statement'], text => `self.assertTrue(${text.replace(/^assert\s*/, '')})`)(held)
        : rewriteAround(['expression_statement'], () => 'assert a')(held),
  },
  'docs/public': {
    example: DOC,
    breaks: held => {
      const body = aroundSite(held, ['class_definition', 'function_definition'])?.children.find(
        one => one.field === 'body',
      )
      const doc = body?.children.find(one => one.named)
      return doc && held.site.answer === 'a docstring' ? [edit(doc.startIndex, doc.endIndex, 'pass')] : undefined
    },
  },
  'docs/quotes': {
    example: DOC,
    breaks: rewriteAround(['string'], text => {
      const [, prefix = '', quotes = ''] = /^(\w*)("""|'''|"|')/.exec(text) ?? []
      const inner = text.slice(prefix.length + quotes.length, -quotes.length)
      return quotes === '"""' ? `${prefix}'''${inner.replaceAll("'", '')}'''` : `${prefix}"""${inner}"""`
    }),
  },
  'docs/full-stop': {
    example: DOC,
    breaks: rewrite((text, { site }) => (site.answer === 'full stop' ? text.replace(/\.$/, '') : `${text}.`)),
  },
  'docs/first-line': {
    example: DOC,
    breaks: rewriteAround(['string'], (text, { site, file }, node) =>
      site.answer === 'beside the quotes'
        ? text.replace(/^(\w*(?:"""|'''))\s*/, `$1\n${indentAt(file.text, node.startIndex)}`)
        : text.replace(/^(\w*(?:"""|'''))\\?\s*/, '$1'),
    ),
  },
  'logging/print': {
    example: 'def go(a):\n    logger.info("at %s", a)\n',
    breaks: swap({ 'a logger': 'print', print: 'logger.info' }),
  },
  'logging/message': {
    example: 'def go(a):\n    logger.info("at %s", a)\n',
    breaks: rewrite((_, { site }) => (site.answer === 'arguments' ? 'f"at {1}"' : '"at %s", 1')),
  },
  'logging/logger-name': {
    example: 'logger = logging.getLogger(__name__)\n',
    breaks: swap({ 'the module’s': '"app"', another: '__name__' }),
  },
  'async/sleep': {
    example: 'async def go():\n    await asyncio.sleep(1)\n',
    breaks: swap({ yields: 'time.sleep' }),
  },
  'async/task-kept': {
    example: 'async def go():\n    task = asyncio.create_task(run())\n    await task\n',
    breaks: held => {
      const call = aroundSite(held, ['call'])
      const whole = aroundSite(held, ['expression_statement'])
      return call && whole && [edit(whole.startIndex, whole.endIndex, held.file.textOf(call))]
    },
  },
  'apis/none-comparison': {
    example: 'def go(a):\n    return a is None\n',
    breaks: rewrite((text, { site }) =>
      site.answer === 'is' ? ({ is: '==' }[text] ?? '!=') : ({ '==': 'is' }[text] ?? 'is not'),
    ),
  },
  'apis/mutable-default': { example: 'def go(a=None):\n    return a\n', breaks: swap({ None: '[]', shared: 'None' }) },
  'apis/type-check': {
    example: 'def go(a):\n    return isinstance(a, str)\n',
    breaks: rewriteAround(['call'], text => {
      const [, what, type] = /^isinstance\((\w+), ([\w.]+)\)$/.exec(text) ?? []
      return what && `type(${what}) == ${type}`
    }),
  },
  'apis/format': {
    example: 'def go(a):\n    return f"at {a}"\n',
    breaks: held =>
      held.site.answer === 'f-string' ? rewrite(() => '("at %s" % 1)')(held) : rewrite(() => 'f"at {1}"')(held),
  },
  'apis/super': {
    example: 'class A(B):\n    def go(self):\n        super().go()\n',
    breaks: swap({ 'super()': 'super(A, self)', 'super(…)': 'super()' }),
  },
  'apis/negated-test': {
    example: 'def go(a, b):\n    return a not in b\n',
    breaks: held => {
      const whole = aroundSite(held, ['comparison_operator'])
      const operator = held.file.text.slice(held.site.startIndex, held.site.endIndex)
      const plain = whole && held.file.textOf(whole).replace(operator, operator === 'is not' ? 'is' : 'in')
      return whole && plain && /^\w/.test(operator)
        ? [edit(whole.startIndex, whole.endIndex, `(not ${plain})`)]
        : undefined
    },
  },
  'apis/generic-types': {
    example: 'def go(a: list[int]) -> None:\n    pass\n',
    breaks: rewrite((text, { site }) =>
      site.answer === 'built in'
        ? text.charAt(0).toUpperCase() + text.slice(1)
        : text.replace(/^.*\./, '').toLowerCase(),
    ),
  },
  'apis/optional-type': {
    example: 'def go(a: int | None) -> None:\n    pass\n',
    breaks: held => {
      if (held.site.answer !== '… | None')
        return rewriteAround(['generic_type', 'subscript'], text => text.replace(/^[\w.]+\[([\s\S]*)\]$/, '$1 | None'))(
          held,
        )
      return rewriteAround(
        ['union_type', 'binary_operator'],
        text => `Optional[${text.replace(/\s*\|\s*None$/, '')}]`,
      )(held)
    },
  },
  'apis/empty-collection': {
    example: 'def go():\n    found = []\n    return found\n',
    breaks: rewrite(text => ({ '[]': 'list()', '{}': 'dict()', 'list()': '[]', 'dict()': '{}' })[text]),
  },
  'apis/paths': {
    example: 'def go(a):\n    return Path(a)\n',
    breaks: swap({ pathlib: 'os.path.join', 'os.path': 'Path' }),
  },
}
