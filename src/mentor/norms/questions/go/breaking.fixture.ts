import {
  aroundSite,
  type Breakings,
  edit,
  rewrite,
  rewriteAround,
  swap,
  turnedImport,
  withoutDoc,
} from '../breaking.fixture.ts'

const go = (body: string) => `package a\n\n${body}\n`
const RETURNED = go(
  'func Read() error {\n\tif err := open(); err != nil {\n\t\treturn fmt.Errorf("open a: %w", err)\n\t}\n\treturn nil\n}',
)
const DOC = go('// Read reads all of it.\nfunc Read() error {\n\treturn nil\n}')
const GROUP = ['import (', '\t"fmt"', '', '\t"example.com/a/b"', ')'].join('\n')

const snaked = rewrite(text => text.replace(/([a-z\d])([A-Z])/, '$1_$2'))
const undeferred = rewriteAround(['defer_statement'], text => text.replace(/^defer\s+/, ''))
const NAMED = [
  'API',
  'CPU',
  'DNS',
  'HTML',
  'HTTP',
  'ID',
  'IP',
  'JSON',
  'RPC',
  'SQL',
  'SSH',
  'TCP',
  'TLS',
  'TTL',
  'URI',
  'URL',
  'UUID',
  'XML',
]

export const goBreaking: Breakings = {
  'errors/returned': {
    example: RETURNED,
    breaks: rewrite((_, { site }) => (site.answer === 'bare' ? 'fmt.Errorf("more: %w", err)' : 'err')),
  },
  'errors/wrap-verb': {
    example: RETURNED,
    breaks: rewrite((text, { site }) =>
      site.answer === '%w' ? text.replaceAll('%w', '%v') : text.replace(/%[vs]/g, '%w'),
    ),
  },
  'errors/message-case': {
    example: RETURNED,
    breaks: rewrite(text => {
      const first = text.charAt(1)
      return `${text.slice(0, 1)}${first === first.toLowerCase() ? first.toUpperCase() : first.toLowerCase()}${text.slice(2)}`
    }),
  },
  'errors/message-end': { example: RETURNED, breaks: rewrite(text => `${text.slice(0, -1)}.${text.slice(-1)}`) },
  'errors/compared': {
    example: go('func Ended(err error) bool {\n\treturn errors.Is(err, io.EOF)\n}'),
    breaks: held =>
      held.site.answer === 'errors.Is'
        ? rewriteAround(['call_expression'], text => text.replace(/^errors\.Is\(.*?, (.*)\)$/s, 'err == $1'))(held)
        : rewriteAround(['binary_expression'], () => 'errors.Is(err, io.EOF)')(held),
  },
  'errors/panic': {
    example: go('func Read() error {\n\treturn errors.New("no bytes")\n}'),
    breaks: held =>
      held.site.answer === 'returned' ? rewriteAround(['return_statement'], () => 'panic("no")')(held) : undefined,
  },
  'errors/plain-message': {
    example: go('var ErrGone = errors.New("gone")'),
    breaks: swap({ 'errors.New': 'fmt.Errorf', 'fmt.Errorf': 'errors.New' }),
  },
  'naming/function': { example: go('func readAll() {\n}'), breaks: snaked },
  'naming/variable': { example: go('func read(fileName string) {\n}'), breaks: snaked },
  'naming/constant': {
    example: go('const maxSize = 3'),
    breaks: rewrite(text => text.replace(/([a-z\d])([A-Z])/g, '$1_$2').toUpperCase()),
  },
  'naming/initials': {
    example: go('type A struct {\n\tuserID string\n}'),
    breaks: rewrite((text, { site }) => {
      const found = NAMED.filter(one =>
        site.answer === 'in capitals' ? text.slice(1).includes(one) : new RegExp(one, 'i').test(text),
      )
      const [word] = found.sort((a, b) => b.length - a.length)
      const capital = word && word.charAt(0) + word.slice(1).toLowerCase()
      if (!word || !capital) return undefined
      return site.answer === 'in capitals'
        ? text.charAt(0) + text.slice(1).replace(word, capital)
        : text.replace(capital, word)
    }),
  },
  'naming/receiver': {
    example: go('func (r *Reader) Read() {\n}'),
    breaks: swap({ 'a letter or two': 'self', 'a word': 'x' }),
  },
  'naming/receiver-same': {
    example: go('func (r *R) A() {\n}\n\nfunc (r *R) B() {\n}\n\nfunc (r *R) C() {\n}'),
    breaks: rewrite((text, { site }) => (site.answer.startsWith('as') ? `${text.charAt(0)}q` : undefined)),
  },
  'naming/sentinel': {
    example: go('var ErrGone = errors.New("gone")'),
    breaks: rewrite(text => text.replace(/^[eE]rr/, 'Gone')),
  },
  'naming/package': { example: 'package reader\n', breaks: rewrite(text => text.replace(/(_test)?$/, '_kit$1')) },
  'layout/context-first': {
    example: go('func Read(ctx context.Context, n int) {\n}'),
    breaks: held => {
      const list = aroundSite(held, ['parameter_list'])
      return list && held.site.answer === 'first'
        ? [edit(list.startIndex + 1, list.startIndex + 1, 'one int, ')]
        : undefined
    },
  },
  'layout/error-last': {
    example: go('func Read() (int, error) {\n\treturn 0, nil\n}'),
    breaks: held => {
      const named = /^\w+ /.test(held.file.text.slice(held.site.startIndex, held.site.endIndex))
      return held.site.answer === 'last'
        ? [edit(held.site.endIndex, held.site.endIndex, named ? ', also int' : ', int')]
        : undefined
    },
  },
  'layout/naked-return': {
    example: go('func Read() (n int, err error) {\n\treturn 0, nil\n}'),
    breaks: swap({ 'says what': 'return', naked: 'return n' }),
  },
  'layout/else-after-exit': {
    example: go('func Read(a bool) int {\n\tif a {\n\t\treturn 1\n\t}\n\treturn 2\n}'),
    breaks: rewriteAround(['if_statement'], (text, { site }) =>
      site.answer === 'no else' ? `${text} else {\n}` : undefined,
    ),
  },
  'layout/deferred-unlock': {
    example: go('func (r *R) Read() {\n\tr.mu.Lock()\n\tdefer r.mu.Unlock()\n}'),
    breaks: undeferred,
  },
  'layout/deferred-close': {
    example: go('func Read() {\n\tf := open()\n\tdefer f.Close()\n}'),
    breaks: undeferred,
  },
  'imports/standard-apart': {
    example: go(GROUP),
    breaks: ({ file, site }) => {
      const free = /\n[ \t]*\n[ \t]*$/.exec(file.text.slice(0, site.startIndex))
      if (site.answer === 'mixed') return undefined
      return free ? [edit(free.index, site.startIndex, '\n\t')] : undefined
    },
  },
  'imports/dot': {
    example: go(GROUP),
    breaks: rewrite((text, { site }) =>
      site.answer === 'by name' ? `. ${text.replace(/^\S+\s+/, '')}` : text.replace(/^\.\s+/, ''),
    ),
  },
  'imports/layers': {
    example: go('import "example.com/m/kit/store"'),
    path: 'kit/routes/a.go',
    breaks: turnedImport,
  },
  'tests/helper': {
    example: go('func check(t *testing.T) {\n\tt.Helper()\n\tt.Fatal("no")\n}'),
    breaks: rewriteAround(['function_declaration'], (text, { site }) =>
      site.answer === 'none' ? text.replace(/\{/, '{\n\tt.Helper()') : text.replace(/\w+\.Helper\(\)/, ''),
    ),
  },
  'tests/subtest': {
    example: go(
      'func TestRead(t *testing.T) {\n\tfor _, tc := range cases {\n\t\tt.Run(tc.name, func(t *testing.T) {})\n\t}\n}',
    ),
    breaks: rewriteAround(['for_statement'], (text, { site }) =>
      site.answer === 't.Run' ? text.replaceAll('.Run(', '.Go(') : text.replace(/\{/, '{\n\t\tt.Run("a", nil)'),
    ),
  },
  'tests/assertions': {
    example: go('func TestRead(t *testing.T) {\n\tt.Fatalf("got %d", 1)\n}'),
    breaks: rewrite((_, { site }) => (site.answer === 'testing' ? 'require.Fail' : 't.Fatalf')),
  },
  'tests/temporary': {
    example: go('func TestRead(t *testing.T) {\n\tdir := t.TempDir()\n\tread(dir)\n}'),
    breaks: swap({ 'of the test': 'os.MkdirTemp', 'of the process': 't.TempDir' }),
  },
  'tests/package': {
    example: 'package a_test\n',
    breaks: rewrite((text, { site }) => (site.answer === 'inside' ? `${text}_test` : text.replace(/_test$/, ''))),
  },
  'docs/exported': {
    example: DOC,
    breaks: held => (held.site.answer === 'documented' ? withoutDoc(/^\s*\/\//)(held) : undefined),
  },
  'docs/begins-with-name': {
    example: DOC,
    breaks: rewrite((text, { site }) =>
      site.answer === 'its name' ? text.replace(/^(\/\/|\/\*)\s*((An?|The) )?\S+/, '$1 This') : undefined,
    ),
  },
  'docs/full-stop': {
    example: DOC,
    breaks: rewrite((text, { site }) => (site.answer === 'full stop' ? text.replace(/\.$/, '') : `${text}.`)),
  },
  'docs/package': {
    example: '// Package a reads.\npackage a\n',
    breaks: rewrite(text => text.replace(/Package /, 'This package ')),
  },
  'logging/print': {
    example: go('func Read() {\n\tlog.Printf("read %d", 1)\n}'),
    breaks: swap({ logged: 'fmt.Printf', printed: 'log.Printf' }),
  },
  'logging/fatal': {
    example: go('func Read() error {\n\treturn errors.New("gone")\n}'),
    breaks: held =>
      held.site.answer === 'returns an error'
        ? rewriteAround(['return_statement'], () => 'log.Fatal("gone")')(held)
        : undefined,
  },
  'async/context-passed': {
    example: go('func Read(ctx context.Context) {\n\topen(ctx)\n}'),
    breaks: swap({ 'passed on': 'context.Background()', fresh: 'ctx' }),
  },
  'async/done': { example: go('func Read(wg *sync.WaitGroup) {\n\tdefer wg.Done()\n}'), breaks: undeferred },
  'async/cancel': {
    example: go('func Read() {\n\tctx, cancel := context.WithCancel(parent)\n\tdefer cancel()\n\topen(ctx)\n}'),
    breaks: swap({ kept: '_' }),
  },
  'apis/any': { example: go('func Read(a any) {\n}'), breaks: swap({ any: 'interface{}', 'interface{}': 'any' }) },
  'apis/ioutil': {
    example: go('func Read() {\n\tos.ReadFile("a")\n}'),
    breaks: rewrite((text, { site }) =>
      site.answer === 'io and os' ? text.replace(/^\w+/, 'ioutil') : text.replace(/^\w+/, 'os'),
    ),
  },
  'apis/empty-slice': {
    example: go('func Read() {\n\tvar all []string\n\tprint(all)\n}'),
    breaks: held => {
      if (held.site.answer === 'literal')
        return rewriteAround(['short_var_declaration'], text => text.replace(/^(\w+) := (.*)\{\s*\}$/s, 'var $1 $2'))(
          held,
        )
      return rewriteAround(['var_declaration'], text => text.replace(/^var (\w+) (.*)$/s, '$1 := $2{}'))(held)
    },
  },
  'apis/empty-map': {
    example: go('func Read() {\n\tall := make(map[string]int)\n\tprint(all)\n}'),
    breaks: rewrite((text, { site }) =>
      site.answer === 'make' ? text.replace(/^make\((.*)\)$/s, '$1{}') : `make(${text.replace(/\{\s*\}$/, '')})`,
    ),
  },
  'apis/keyed-literal': {
    example: go('var a = http.Cookie{Name: "a", Value: "b"}'),
    breaks: held => {
      const body = aroundSite(held, ['composite_literal'])?.children.find(one => one.field === 'body')
      const values = body?.children.flatMap(one =>
        one.type === 'keyed_element' ? (one.children.filter(part => part.named).at(-1) ?? []) : [],
      )
      return (
        body &&
        values && [edit(body.startIndex, body.endIndex, `{${values.map(one => held.file.textOf(one)).join(', ')}}`)]
      )
    },
  },
  'apis/elapsed': {
    example: go('func Read() {\n\tprint(time.Since(start))\n}'),
    breaks: swap({ 'time.Since': 'time.Now().Sub', 'time.Now().Sub': 'time.Since' }),
  },
}
