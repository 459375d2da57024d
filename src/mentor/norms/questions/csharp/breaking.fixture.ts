import {
  aroundSite,
  type Breakings,
  edit,
  rewrite,
  rewriteAround,
  swap,
  turnedPackage,
  withoutDoc,
} from '../breaking.fixture.ts'
import { inCase } from '../case.ts'

const cs = (body: string) => `using System;\n\nnamespace A;\n\npublic class Reader\n{\n${body}\n}\n`
const TRY = cs(
  '    void Go()\n    {\n        try { Open(); }\n        catch (IOException e) { throw new LostException("gone", e); }\n    }',
)
const DOC = cs('    /// <summary>Goes there.</summary>\n    public int Go() { return 1; }')
const AWAIT = cs('    public async Task GoAsync() { await OpenAsync().ConfigureAwait(false); }')

/** Another case than the one it has. */
const recased = rewrite((text, { site }) => {
  if (site.answer !== 'PascalCase') return inCase(text.replace(/^_/, ''), 'PascalCase')
  return inCase(text, 'camelCase')
})

export const csharpBreaking: Breakings = {
  'errors/catch-handled': {
    example: TRY,
    breaks: held => {
      const body = aroundSite(held, ['catch_clause'])?.children.find(one => one.field === 'body')
      return body && held.site.answer === 'handled' ? [edit(body.startIndex, body.endIndex, '{ }')] : undefined
    },
  },
  'errors/catch-type': {
    example: TRY,
    breaks: held => {
      const filtered = aroundSite(held, ['catch_clause'])?.children.some(one => one.type === 'catch_filter_clause')
      return filtered ? undefined : rewrite((_, { site }) => (site.answer === 'any' ? undefined : 'Exception'))(held)
    },
  },
  'errors/rethrow': {
    example: cs('    void Go() { try { Open(); } catch (IOException e) { throw; } }'),
    breaks: held => {
      const caught = aroundSite(held, ['catch_clause'])?.children.find(one => one.type === 'catch_declaration')
      const name = caught?.children.find(one => one.field === 'name')
      if (held.site.answer === 'throw e;') return rewrite(() => 'throw;')(held)
      return name && rewrite(() => `throw ${held.file.textOf(name)};`)(held)
    },
  },
  'errors/cause': {
    example: TRY,
    breaks: held => {
      const list = aroundSite(held, ['object_creation_expression'])?.children.find(one => one.field === 'arguments')
      return list && held.site.answer === 'with its cause'
        ? [edit(list.startIndex, list.endIndex, '("failed")')]
        : undefined
    },
  },
  'errors/argument-name': {
    example: cs('    void Go(string a) { throw new ArgumentNullException(nameof(a)); }'),
    breaks: rewrite((text, { site }) =>
      site.answer === 'text' ? `nameof(${text.slice(1, -1)})` : `"${text.replace(/^nameof\(|\)$/g, '')}"`,
    ),
  },
  'errors/throw-type': {
    example: cs('    void Go() { throw new LostException("gone"); }'),
    breaks: swap({ specific: 'Exception' }),
  },
  'naming/type': { example: cs(''), breaks: recased },
  'naming/interface': {
    example: 'public interface IReader { }\n',
    breaks: rewrite(text => text.replace(/^I(?=[A-Z])/, '')),
  },
  'naming/member': { example: cs('    public void ReadAll() { }'), breaks: recased },
  'naming/constant': {
    example: cs('    private const int MaxSize = 3;'),
    breaks: rewrite((text, { site }) => inCase(text, site.answer === 'UPPER_CASE' ? 'PascalCase' : 'UPPER_CASE')),
  },
  'naming/private-field': {
    example: cs('    private int _size;'),
    breaks: rewrite((text, { site }) => (/^(m_|_|s_)/.test(site.answer) ? text.replace(/^(m_|_|s_)/, '') : `_${text}`)),
  },
  'naming/parameter': { example: cs('    void Go(int size) { }'), breaks: recased },
  'naming/local': { example: cs('    void Go() { var size = 1; }'), breaks: recased },
  'naming/type-parameter': { example: 'class A<TItem> { }\n', breaks: rewrite(text => `Of${text.replace(/^T/, '')}`) },
  'naming/async': {
    example: AWAIT,
    breaks: rewrite((text, { site }) =>
      site.answer === '…Async' ? text.replace(/Async$/, '') || undefined : `${text}Async`,
    ),
  },
  'layout/braces': {
    example: cs('    void Go(bool a)\n    {\n        if (a) { Open(); }\n    }'),
    breaks: held => {
      const statement = aroundSite(held, ['if_statement', 'for_statement', 'foreach_statement', 'while_statement'])
      const words = held.file.text.slice(held.site.startIndex, held.site.endIndex)
      const body = statement?.children.find(one =>
        words === 'else' ? one.field === 'alternative' : /^(consequence|body)$/.test(one.field),
      )
      if (!body) return undefined
      return [
        edit(
          body.startIndex,
          body.endIndex,
          held.site.answer === 'braces' ? 'Stop();' : `{ ${held.file.textOf(body)} }`,
        ),
      ]
    },
  },
  'layout/namespace': {
    example: cs(''),
    breaks: held => {
      const made = aroundSite(held, ['file_scoped_namespace_declaration', 'namespace_declaration'])
      const text = held.file.text
      const semicolon = text.indexOf(';', held.site.endIndex)
      if (made?.type === 'file_scoped_namespace_declaration')
        return [edit(semicolon, semicolon + 1, ' {'), edit(text.length, text.length, '\n}\n')]
      const body = made?.children.find(one => one.field === 'body')
      return body && [edit(held.site.endIndex, body.startIndex + 1, ';'), edit(body.endIndex - 1, body.endIndex, '')]
    },
  },
  'imports/usings': {
    example: cs(''),
    breaks: ({ file, site }) => {
      const made = file.nodes('file_scoped_namespace_declaration', 'namespace_declaration')[0]
      const at = made ? file.text.slice(made.startIndex).search(/[;{]/) : -1
      if (!made || at === -1) return undefined
      const line = '\nusing System.Linq.Expressions;\n'
      return site.answer.startsWith('above')
        ? [edit(made.startIndex + at + 1, made.startIndex + at + 1, line)]
        : [edit(0, 0, line)]
    },
  },
  'imports/layers': {
    example: 'using Kit.Store;\n\nnamespace Kit.Routes;\n',
    breaks: turnedPackage('file_scoped_namespace_declaration', 'namespace_declaration'),
  },
  'layout/file-name': {
    example: cs(''),
    path: 'src/Reader.cs',
    breaks: ({ file, site }) =>
      site.answer === 'after a type' ? { path: file.path.replace(/[^/]*\.cs$/, 'Otherwise.cs') } : undefined,
  },
  'layout/access': {
    example: cs('    private int Go() { return 1; }'),
    breaks: held => {
      const made = aroundSite(held, [
        'field_declaration',
        'method_declaration',
        'property_declaration',
        'constructor_declaration',
      ])
      const words = made?.children.filter(
        one => one.type === 'modifier' && /^(public|private|protected|internal)$/.test(held.file.textOf(one)),
      )
      if (made && held.site.answer === 'left out') return [edit(made.startIndex, made.startIndex, 'private ')]
      return words?.map(one => edit(one.startIndex, one.endIndex, ''))
    },
  },
  'tests/attribute': {
    example: cs('    [Fact]\n    public void Goes() { }'),
    path: 'src/ATests.cs',
    breaks: rewrite((_, { site }) => (site.answer === 'xUnit' ? 'Test' : 'Fact')),
  },
  'tests/class-name': {
    example: 'public class ATests\n{\n    [Fact]\n    public void Goes() { }\n}\n',
    path: 'src/ATests.cs',
    breaks: rewrite((text, { site }) =>
      site.answer === 'otherwise' ? undefined : `${text.slice(0, -site.answer.length)}Checks`,
    ),
  },
  'docs/public': {
    example: DOC,
    breaks: held => (held.site.answer === 'documented' ? withoutDoc(/^\s*(\/\/|\[)/)(held) : undefined),
  },
  'docs/full-stop': {
    example: DOC,
    breaks: ({ file, site }) => {
      const before = file.text.slice(0, site.endIndex)
      const at = /[.\w)"]?(?=\s*(\/\/\/\s*)?<\/summary>[^<]*$)/.exec(before)?.index
      if (at === undefined) return undefined
      return site.answer === 'full stop' ? [edit(at, at + 1, '')] : [edit(at + 1, at + 1, '.')]
    },
  },
  'logging/console': {
    example: cs('    void Go() { _logger.LogInformation("at {Place}", 1); }'),
    breaks: swap({ 'a logger': 'Console.WriteLine', 'the console': '_logger.LogInformation' }),
  },
  'logging/message': {
    example: cs('    void Go() { _logger.LogInformation("at {Place}", 1); }'),
    breaks: rewrite((text, { site }) =>
      site.answer === 'a template' ? `$"${text.slice(1, -1).replace(/\{[^}]*\}/g, '{1}')}"` : '"at {Place}"',
    ),
  },
  'async/void': { example: AWAIT, breaks: swap({ 'a task': 'void', void: 'Task' }) },
  'async/configure-await': {
    example: AWAIT,
    breaks: rewriteAround(['await_expression'], (text, { site }) =>
      site.answer === 'plain' ? `${text}.ConfigureAwait(false)` : text.replace(/\s*\.ConfigureAwait\(\w+\)$/, ''),
    ),
  },
  'async/blocking': {
    example: AWAIT,
    breaks: rewriteAround(['await_expression'], () => 'OpenAsync().GetAwaiter().GetResult()'),
  },
  'async/token-last': {
    example: cs('    Task Go(int a, CancellationToken token) { return null; }'),
    breaks: ({ site }) => (site.answer === 'last' ? [edit(site.endIndex, site.endIndex, ', int also')] : undefined),
  },
  'apis/var': {
    example: cs('    void Go() { var all = new List<int>(); }'),
    breaks: held => {
      const made = aroundSite(held, ['variable_declaration'])
      const type = /new\s+([^({[]+)/.exec(made ? held.file.textOf(made) : '')?.[1]?.trim()
      return rewrite((_, { site }) => (site.answer === 'var' ? type : 'var'))(held)
    },
  },
  'apis/keyword-types': {
    example: cs('    void Go(string a) { }'),
    breaks: held =>
      held.site.answer === 'keyword' && /^(type|returns)$/.test(aroundSite(held, ['predefined_type'])?.field ?? '')
        ? rewrite(
            text =>
              ({ string: 'String', int: 'Int32', bool: 'Boolean', object: 'Object', long: 'Int64', double: 'Double' })[
                text
              ],
          )(held)
        : undefined,
  },
  'apis/null-test': {
    example: cs('    bool Go(object a) { return a is null; }'),
    breaks: held =>
      held.site.answer === 'is null'
        ? rewriteAround(['is_pattern_expression'], text =>
            text.replace(/\bis\s+null$/, '== null').replace(/\bis\s+not\s+null$/, '!= null'),
          )(held)
        : rewriteAround(['binary_expression'], text =>
            text.replace(/==\s*null$/, 'is null').replace(/!=\s*null$/, 'is not null'),
          )(held),
  },
  'apis/format': {
    example: cs('    string Go(int a) { return $"at {a}"; }'),
    breaks: held =>
      held.site.answer === 'interpolated'
        ? rewrite(() => 'string.Format("at {0}", 1)')(held)
        : rewriteAround(['invocation_expression'], () => '$"at {1}"')(held),
  },
  'apis/empty-string': {
    example: cs('    string Go() { return string.Empty; }'),
    breaks: swap({ 'string.Empty': '""', '""': 'string.Empty' }),
  },
}
