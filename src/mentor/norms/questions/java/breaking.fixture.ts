import {
  aroundSite,
  type Breakings,
  edit,
  indentAt,
  rewrite,
  rewriteAround,
  swap,
  turnedPackage,
} from '../breaking.fixture.ts'
import { inCase } from '../case.ts'

const java = (body: string) =>
  `package a.b;\n\nimport java.io.IOException;\nimport java.util.List;\n\npublic class Reader {\n${body}\n}\n`
const TRY = java(
  '  void go() {\n    try { open(); } catch (IOException e) { throw new LostException("gone", e); }\n  }',
)
const DOC = java('  /** Goes {@code there}. */\n  public int go() { return 1; }')
const TEST = java('  @Test\n  public void goes() { assertEquals(1, go()); }').replace(
  'class Reader',
  'class ReaderTest',
)
const LOG = java('  private static final Logger LOG = get();\n  void go() { LOG.info("at {}", 1); }')

/** Another case than the one it has. */
const recased = rewrite((text, { site }) => {
  if (site.answer === 'camelCase') return inCase(text, /[A-Z]/.test(text) ? 'snake_case' : 'PascalCase')
  return inCase(text, 'camelCase')
})

export const javaBreaking: Breakings = {
  'errors/catch-handled': {
    example: TRY,
    breaks: held => {
      const body = aroundSite(held, ['catch_clause'])?.children.find(one => one.field === 'body')
      return body && held.site.answer === 'handled' ? [edit(body.startIndex, body.endIndex, '{ }')] : undefined
    },
  },
  'errors/catch-type': { example: TRY, breaks: swap({ specific: 'Exception', any: 'IOException' }) },
  'errors/cause': {
    example: TRY,
    breaks: held => {
      const list = aroundSite(held, ['object_creation_expression'])?.children.find(one => one.field === 'arguments')
      return list && held.site.answer === 'with its cause'
        ? [edit(list.startIndex, list.endIndex, '("failed")')]
        : undefined
    },
  },
  'errors/stack-trace': {
    example: TRY,
    breaks: held => {
      const body = aroundSite(held, ['catch_clause'])?.children.find(one => one.field === 'body')
      const name = held.file.text.slice(held.site.startIndex, held.site.endIndex)
      return body && held.site.answer === 'otherwise'
        ? [edit(body.startIndex + 1, body.startIndex + 1, ` ${name}.printStackTrace(); `)]
        : undefined
    },
  },
  'errors/resources': {
    example: java('  void go() throws IOException {\n    try (Reader in = open()) { in.read(); }\n  }'),
    breaks: held => {
      const whole = aroundSite(held, ['try_with_resources_statement'])
      const line = `FileInputStream left = new FileInputStream("a");\n${indentAt(held.file.text, whole?.startIndex ?? 0)}`
      return whole && [edit(whole.startIndex, whole.startIndex, line)]
    },
  },
  'errors/interrupted': {
    example: java(
      '  void go() {\n    try { sleep(); } catch (InterruptedException e) { Thread.currentThread().interrupt(); }\n  }',
    ),
    breaks: held => {
      const body = aroundSite(held, ['catch_clause'])?.children.find(one => one.field === 'body')
      return (
        body && [
          edit(body.startIndex, body.endIndex, held.site.answer === 'lost' ? '{ throw new Lost(e); }' : '{ log(e); }'),
        ]
      )
    },
  },
  'naming/type': { example: java(''), breaks: recased },
  'naming/method': { example: java('  void readAll() { }'), breaks: recased },
  'naming/constant': { example: java('  static final int MAX_SIZE = 3;'), breaks: recased },
  'naming/variable': { example: java('  void go(int maxSize) { }'), breaks: recased },
  'naming/field': {
    example: java('  private int size;'),
    breaks: rewrite((text, { site }) =>
      site.answer === 'camelCase' ? `_${text}` : text.replace(/^(m_|_|m(?=[A-Z]))/, ''),
    ),
  },
  'naming/type-parameter': {
    example: java('  <T> void go(T a) { }'),
    breaks: swap({ 'a letter': 'Item', 'a word': 'T' }),
  },
  'naming/package': {
    example: java(''),
    breaks: rewrite(text => text.replace(/\.(\w)(?=\w*$)/, (_, first) => `.${first.toUpperCase()}`)),
  },
  'layout/braces': {
    example: java('  void go(boolean a) {\n    if (a) { open(); }\n  }'),
    breaks: held => {
      const statement = aroundSite(held, ['if_statement', 'for_statement', 'enhanced_for_statement', 'while_statement'])
      const words = held.file.text.slice(held.site.startIndex, held.site.endIndex)
      const body = statement?.children.find(one =>
        words === 'else' ? one.field === 'alternative' : /^(consequence|body)$/.test(one.field),
      )
      if (!body) return undefined
      return [
        edit(
          body.startIndex,
          body.endIndex,
          held.site.answer === 'braces' ? 'stop();' : `{ ${held.file.textOf(body)} }`,
        ),
      ]
    },
  },
  'layout/modifier-order': {
    example: java('  static final int MAX_SIZE = 3;'),
    breaks: rewrite(text => text.replace(/(\w+)(\s+)(\w+)$/, '$3$2$1')),
  },
  'layout/array-brackets': {
    example: java('  private int[] sizes;'),
    breaks: held => {
      const made = aroundSite(held, ['field_declaration', 'local_variable_declaration', 'formal_parameter'])
      const name =
        made?.children.find(one => one.type === 'variable_declarator')?.children[0] ??
        made?.children.find(one => one.field === 'name')
      const type = held.file.text.slice(held.site.startIndex, held.site.endIndex)
      if (!name || held.site.answer !== 'at the type') return undefined
      return [
        edit(held.site.startIndex, held.site.endIndex, type.replace(/\[\s*\]$/, '')),
        edit(name.endIndex, name.endIndex, '[]'),
      ]
    },
  },
  'layout/types-in-file': {
    example: java(''),
    breaks: ({ file, site }) =>
      site.answer === 'one' ? [edit(file.text.length, file.text.length, '\nclass Also { }\n')] : undefined,
  },
  'layout/field-access': {
    example: java('  private int size;'),
    breaks: held => {
      const made = aroundSite(held, ['field_declaration'])
      const text = made && held.file.textOf(made)
      const open = text?.replace(/\b(private|protected)\b/, 'public')
      return made && text && held.site.answer === 'hidden'
        ? [edit(made.startIndex, made.endIndex, open === text ? `public ${text}` : (open ?? text))]
        : undefined
    },
  },
  'layout/else-after-exit': {
    example: java('  int go(boolean a) {\n    if (a) { return 1; }\n    return 2;\n  }'),
    breaks: rewriteAround(['if_statement'], (text, { site }) =>
      site.answer === 'no else' ? `${text} else { }` : undefined,
    ),
  },
  'layout/final': {
    example: java('  int go(final int a) { return a; }'),
    breaks: rewriteAround(['formal_parameter', 'local_variable_declaration'], (text, { site }) =>
      site.answer === 'final' ? text.replace(/\bfinal\s+/, '') : `final ${text}`,
    ),
  },
  'imports/wildcard': {
    example: java(''),
    breaks: rewrite((text, { site }) =>
      site.answer === 'names' ? text.replace(/\.\w+\s*;$/, '.*;') : text.replace(/\*/, 'A'),
    ),
  },
  'imports/sorted': {
    example: java(''),
    breaks: rewrite((text, { site }) =>
      site.answer === 'sorted' ? text.replace(/^(import\s+(?:static\s+)?)/, '$1aa.') : undefined,
    ),
  },
  'imports/layers': {
    example: 'package a.b.routes;\n\nimport a.b.store.Reader;\n',
    breaks: turnedPackage('package_declaration'),
  },
  'docs/public': {
    example: DOC,
    breaks: held => {
      const made = aroundSite(held, [
        'class_declaration',
        'interface_declaration',
        'enum_declaration',
        'record_declaration',
        'method_declaration',
      ])
      const siblings = made?.parent?.children ?? []
      const doc = made && siblings[siblings.indexOf(made) - 1]
      return doc?.type === 'block_comment' ? [edit(doc.startIndex, doc.endIndex, '')] : undefined
    },
  },
  'docs/full-stop': {
    example: DOC,
    breaks: rewrite((text, { site }) => {
      const [summary = ''] = text.split(/\n\s*\*?\s*\n|\n\s*\*\s*@|<p>|<ul>|<pre>|\s*\*\/$/)
      const rest = text.slice(summary.length)
      return site.answer === 'full stop' ? summary.replace(/\.(?=\s|$)/g, '') + rest : undefined
    }),
  },
  'docs/code': {
    example: DOC,
    breaks: held => {
      const end = held.file.text.indexOf('}', held.site.startIndex)
      if (held.site.answer === '<code>') return rewrite(() => '{@code a} ')(held)
      return end === -1 ? undefined : [edit(held.site.startIndex, end + 1, '<code>a</code>')]
    },
  },
  'tests/file-name': {
    example: TEST,
    path: 'src/test/java/ReaderTest.java',
    breaks: rewrite((text, { site }) =>
      site.answer === 'otherwise' ? undefined : `${text.replace(/^Test|Tests?$|TestCase$/, '')}Checks`,
    ),
  },
  'tests/placement': {
    example: TEST,
    path: 'src/test/java/ReaderTest.java',
    breaks: ({ file }) => ({ path: file.path.replace(/(^|\/)(src\/test\/java|src\/test|tests?)\//, '$1src/main/') }),
  },
  'tests/access': {
    example: TEST,
    path: 'src/test/java/ReaderTest.java',
    breaks: held => {
      const made = aroundSite(held, ['method_declaration'])
      if (!made) return undefined
      if (held.site.answer === 'public')
        return rewriteAround(['method_declaration'], text => text.replace(/\bpublic\s+/, ''))(held)
      return rewriteAround(['method_declaration'], text => text.replace(/\bvoid\b/, 'public void'))(held)
    },
  },
  'tests/assertions': {
    example: TEST,
    path: 'src/test/java/ReaderTest.java',
    breaks: rewrite((_, { site }) => (site.answer === 'assertThat' ? 'assertEquals' : 'assertThat')),
  },
  'logging/print': {
    example: LOG,
    breaks: rewriteAround(['method_invocation'], (_, { site }) =>
      site.answer === 'a logger' ? 'System.out.println("at")' : 'LOG.info("at")',
    ),
  },
  'logging/message': {
    example: LOG,
    breaks: rewrite((_, { site }) => (site.answer === 'joined' ? '"at {}"' : '"at " + place')),
  },
  'logging/logger-name': { example: LOG, breaks: rewrite(text => (text === 'LOG' ? 'logger' : 'LOG')) },
  'async/threads': {
    example: java('  void go() { executor.execute(work); }'),
    breaks: rewriteAround(['method_invocation'], (_, { site }) =>
      site.answer === 'an executor' ? 'new Thread(work)' : undefined,
    ),
  },
  'async/wait': {
    example: java('  void go() { future.get(1, SECONDS); }'),
    breaks: rewriteAround(['method_invocation'], (text, { site }) =>
      site.answer === 'with a limit' ? text.replace(/\([^()]*\)$/, '()') : text.replace(/\(\)$/, '(1, SECONDS)'),
    ),
  },
  'apis/override': {
    example: java('  @Override\n  public String toString() { return ""; }'),
    breaks: rewriteAround(['method_declaration'], (text, { site }) =>
      site.answer === '@Override' ? text.replace(/@Override\s+/, '') : `@Override ${text}`,
    ),
  },
  'apis/diamond': {
    example: java('  List<String> all = new ArrayList<>();'),
    breaks: swap({ '<>': '<String>', 'written out': '<>' }),
  },
  'apis/is-empty': {
    example: java('  boolean go() { return all.isEmpty(); }'),
    breaks: held =>
      held.site.answer === 'isEmpty()'
        ? rewriteAround(['method_invocation'], text => `(${text.replace(/isEmpty\(\)$/, 'size()')} == 0)`)(held)
        : rewriteAround(['binary_expression'], text => text.replace(/size\(\)[^)]*$/, 'isEmpty()'))(held),
  },
  'apis/interface-types': {
    example: java('  List<String> all;'),
    breaks: rewrite((text, { site }) =>
      site.answer === 'the interface'
        ? { List: 'ArrayList', Map: 'HashMap', Set: 'HashSet' }[text]
        : /(List|Map|Set)$/.exec(text)?.[0],
    ),
  },
  'apis/long-literal': {
    example: java('  long size = 3L;'),
    breaks: rewrite(text => text.slice(0, -1) + (text.endsWith('L') ? 'l' : 'L')),
  },
  'apis/string-builder': {
    example: java('  Object all = new StringBuilder();'),
    breaks: swap({ StringBuilder: 'StringBuffer', StringBuffer: 'StringBuilder' }),
  },
  'apis/string-equality': {
    example: java('  boolean go(String a) { return a.equals("b"); }'),
    breaks: held =>
      held.site.answer === 'equals'
        ? rewriteAround(['method_invocation'], text => `(${text.replace(/\.equals\(([\s\S]*)\)$/, ' == $1')})`)(held)
        : rewriteAround(['binary_expression'], () => 'a.equals("b")')(held),
  },
}
