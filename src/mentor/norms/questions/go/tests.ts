import { around, childOf, firstOf, namedChildren } from '../../../parse/node.ts'
import type { SyntaxNode } from '../../../parse/parsed.ts'
import type { Question } from '../../question.ts'
import { inside, saying, site } from '../site.ts'
import { callee, packageName } from './syntax.ts'

const helpers: Question = {
  id: 'tests/helper',
  subject: 'tests',
  languages: ['go'],
  asked: 'in tests',
  *sites(file) {
    for (const made of file.nodes('function_declaration')) {
      const [name, first] = [childOf(made, 'name'), namedChildren(childOf(made, 'parameters'))[0]]
      const type = childOf(first, 'type')
      if (!name || !type || !/^(\*testing\.[TBF]|testing\.TB)$/.test(file.textOf(type))) continue
      // What only calls others, without failing by itself, may as well show its own line.
      const calls = [...inside(made, ['call_expression'])].map(call => callee(file, call))
      if (/^(Test|Benchmark|Fuzz)/.test(file.textOf(name)) || !calls.some(one => /\.(Fatal|Error|Fail)/.test(one)))
        continue
      yield site(file, name, calls.some(one => one.endsWith('.Helper')) ? 't.Helper()' : 'none')
    }
  },
  words: saying({
    't.Helper()': [
      'Which line will a failure in here point to?',
      'After `t.Helper()` it is the caller’s, where the reader wants to look.',
    ],
    none: ['Does this need `t.Helper()`?', 'Golden repositories do without.'],
  }),
}

const subtests: Question = {
  id: 'tests/subtest',
  subject: 'tests',
  languages: ['go'],
  asked: 'in tests',
  *sites(file) {
    for (const loop of file.nodes('for_statement')) {
      const range = firstOf(loop, 'range_clause')
      const over = range && childOf(range, 'right')
      const holder = around(loop, 'function_declaration')
      const name = childOf(holder, 'name')
      if (!range || !name || loop.parent?.parent !== childOf(holder, 'body') || !/^Test/.test(file.textOf(name)))
        continue
      if (!over || !/^(tests?|cases|testCases|tcs|tt|tcases|testcases)$|^\[\]struct/.test(file.textOf(over))) continue
      const runs = [...inside(loop, ['call_expression'])].some(call => callee(file, call).endsWith('.Run'))
      yield site(file, range, runs ? 't.Run' : 'in the loop')
    }
  },
  words: saying({
    't.Run': [
      'Which of the cases failed?',
      'With `t.Run` each case has a name, can be run alone, and one that stops doesn’t stop the others.',
    ],
    'in the loop': ['Do the cases need names?', 'Golden repositories check them in the loop.'],
  }),
}

const assertions: Question = {
  id: 'tests/assertions',
  subject: 'tests',
  languages: ['go'],
  asked: 'in tests',
  *sites(file) {
    for (const call of file.nodes('call_expression')) {
      const found = /^(require|assert|[tb])\.(\w+)$/.exec(callee(file, call))
      const [, by = '', what = ''] = found ?? []
      if (!call.children[0]) continue
      if (by === 'require' || by === 'assert') yield site(file, call.children[0], by)
      else if (/^(Error|Fatal)f?$/.test(what)) yield site(file, call.children[0], 'testing')
    }
  },
  words: saying({
    testing: [
      'Would an `if` and `t.Errorf` say what went wrong?',
      'Golden repositories test with the standard library alone; its messages say what was got and what was wanted.',
    ],
    require: [
      'Would `require` stop where going on makes no sense?',
      'Golden repositories check with it: what follows a failed check would only fail in stranger ways.',
    ],
    assert: [
      'Would `assert` read as the tests around it?',
      'Golden repositories check with it, and see all failures of a test at once.',
    ],
  }),
}

const temporary: Question = {
  id: 'tests/temporary',
  subject: 'tests',
  languages: ['go'],
  asked: 'in tests',
  *sites(file) {
    for (const call of file.nodes('call_expression')) {
      const [name, made] = [callee(file, call), call.children[0] as SyntaxNode]
      if (/^[tb]\.(TempDir|Setenv)$/.test(name)) yield site(file, made, 'of the test')
      else if (/^(os\.(MkdirTemp|Setenv)|ioutil\.TempDir)$/.test(name)) yield site(file, made, 'of the process')
    }
  },
  words: saying({
    'of the test': [
      'Who puts this back when the test ends?',
      '`t.TempDir` and `t.Setenv` clean up also after a failure.',
    ],
  }),
}

const packages: Question = {
  id: 'tests/package',
  subject: 'tests',
  languages: ['go'],
  asked: 'in tests',
  *sites(file) {
    const clause = file.nodes('package_clause')[0]?.children.find(one => one.type === 'package_identifier')
    if (clause && file.path.endsWith('_test.go'))
      yield site(file, clause, packageName(file).endsWith('_test') ? 'outside' : 'inside')
  },
  words: saying({
    inside: [
      'Should this test stand in the package itself?',
      'Golden repositories test from inside, where what is not exported can be reached.',
      text => text.replace(/_test$/, ''),
    ],
    outside: [
      'Could this test use the package as others do?',
      'From `…_test` it sees only what is exported, and stays true when the inside changes.',
      text => `${text}_test`,
    ],
  }),
}

export const tests: readonly Question[] = [helpers, subtests, assertions, temporary, packages]
