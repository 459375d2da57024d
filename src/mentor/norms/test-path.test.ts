import assert from 'node:assert/strict'
import { test } from 'node:test'
import { languageOf } from '../parse/language.ts'
import { isTestPath } from './test-path.ts'

test('tests are told by name or folder, as each language has it', () => {
  const tests = [
    'src/a.test.ts',
    'src/a.spec.tsx',
    'test/support/a.ts',
    'lib/__tests__/a.js',
    'std/a_test.ts',
    'tests/a.py',
    'pkg/test_a.py',
    'conftest.py',
    'a/b_test.go',
    'src/test/java/a/Helper.java',
    'src/main/ATest.java',
    'src/Bank.Tests/Helper.cs',
    'src/BankTests.cs',
  ]
  const sources = [
    'src/a.ts',
    'src/latest.ts',
    'src/testing-library.ts',
    'src/attest/a.go',
    'contest.py',
    'src/Test.cs',
    'src/main/java/Contest.java',
    'src/Latest/A.cs',
  ]
  const isTest = (path: string) => isTestPath(path, languageOf(path) ?? 'typescript')
  assert.deepEqual(
    tests.filter(path => !isTest(path)),
    [],
  )
  assert.deepEqual(sources.filter(isTest), [])
})
