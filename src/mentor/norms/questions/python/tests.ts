import { basename, dirname } from 'node:path/posix'
import { childOf } from '../../../parse/node.ts'
import type { Question } from '../../question.ts'
import { saying, site } from '../site.ts'

const TEST_FILE = /^(test_.+|.+_test)\.py$/

const fileName: Question = {
  id: 'tests/file-name',
  subject: 'tests',
  languages: ['python'],
  asked: 'in tests',
  *sites(file) {
    const name = basename(file.path)
    const first = file.root.children[0]
    if (first && TEST_FILE.test(name)) yield site(file, first, name.startsWith('test_') ? 'test_*.py' : '*_test.py')
  },
  words: saying({
    'test_*.py': [
      'Would `test_….py` be found by the team’s runner?',
      'A runner that looks for one pattern passes over the other without a word.',
    ],
    '*_test.py': [
      'Would `…_test.py` be found by the team’s runner?',
      'A runner that looks for one pattern passes over the other without a word.',
    ],
  }),
}

const placement: Question = {
  id: 'tests/placement',
  subject: 'tests',
  languages: ['python'],
  asked: 'in tests',
  *sites(file) {
    const first = file.root.children[0]
    if (!first || !TEST_FILE.test(basename(file.path))) return
    const folder = dirname(file.path)
    const apart = folder.split('/').find(one => /^tests?$/.test(one))
    yield site(file, first, apart ? `in ${apart}/` : 'beside the code')
  },
  words: (norm, at) => ({
    nudge: `Would one look for this test here? Golden repositories keep them ${norm.answer}.`,
    why: `Tests that lie elsewhere (${at.answer}) are missed by runners, packaging rules and readers.`,
  }),
}

const asserts: Question = {
  id: 'tests/assertions',
  subject: 'tests',
  languages: ['python'],
  asked: 'in tests',
  *sites(file) {
    for (const statement of file.nodes('assert_statement'))
      yield site(file, statement.children[0] ?? statement, 'assert')
    for (const call of file.nodes('call')) {
      const callee = childOf(call, 'function')
      if (callee && /^self\.assert[A-Z]\w+$/.test(file.textOf(callee))) yield site(file, callee, 'self.assert…')
    }
  },
  words: saying({
    assert: [
      'Would a plain `assert` say the same?',
      'pytest shows both sides of a plain `assert`, and there is one form to learn.',
    ],
    'self.assert…': [
      'Would `self.assertEqual` and its kin say more?',
      'Under unittest a plain `assert` fails without showing the two values, and `-O` removes it.',
    ],
  }),
}

export const tests: readonly Question[] = [fileName, placement, asserts]
