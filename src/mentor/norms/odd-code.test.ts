import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { parsed, parser } from '../parse/parsing.fixture.ts'
import { breakings } from './questions/breakings.fixture.ts'
import { questionsOf } from './questions.ts'

const PATHS = {
  typescript: 'src/a.ts',
  javascript: 'src/a.js',
  python: 'src/a.py',
  go: 'a.go',
  csharp: 'A.cs',
  java: 'A.java',
} as const

const facts = { paths: new Set<string>() }
const cut = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  length: fc.nat(30),
  put: fc.string({ maxLength: 3 }),
})

for (const [language, path] of Object.entries(PATHS) as [keyof typeof PATHS, string][])
  test(`questions of ${language} stay whole on code that is not`, async () => {
    await parsed(path, '')
    const text = Object.values(breakings[language])
      .map(({ example }) => example)
      .join('\n')
    fc.assert(
      fc.property(fc.array(cut, { maxLength: 20 }), cuts => {
        const odd = cuts.reduce((now, { at, length, put }) => {
          const start = Math.floor(at * now.length)
          return now.slice(0, start) + put + now.slice(start + length)
        }, text)
        const file = parser.parse(path, odd)
        assert.ok(file)
        for (const question of questionsOf(language))
          for (const { startIndex, endIndex, startLine, endLine } of question.sites(file, facts)) {
            assert.ok(0 <= startIndex && startIndex <= endIndex && endIndex <= odd.length, question.id)
            assert.ok(1 <= startLine && startLine <= endLine, question.id)
          }
        file[Symbol.dispose]()
      }),
      { numRuns: 40 },
    )
  })

const DEEP: Readonly<Record<keyof typeof PATHS, (inner: string) => string>> = {
  typescript: inner => `const a = ${inner}\n`,
  javascript: inner => `const a = ${inner}\n`,
  python: inner => `a = ${inner}\n`,
  go: inner => `package a\n\nvar a = ${inner}\n`,
  csharp: inner => `class A { int a = ${inner}; }\n`,
  java: inner => `class A { int a = ${inner}; }\n`,
}

for (const [language, path] of Object.entries(PATHS) as [keyof typeof PATHS, string][])
  test(`${language} nested deeper than any stack is read, not thrown over`, async () => {
    for (const inner of [
      `${'1 +\n'.repeat(30_000)}1`,
      `"a" +\n${'b +\n'.repeat(30_000)}c`,
      `${'(\n'.repeat(3_000)}1${')'.repeat(3_000)}`,
      `${'f(\n'.repeat(2_000)}1${')'.repeat(2_000)}`,
      `a${'\n.b()'.repeat(2_000)}`,
    ]) {
      const file = await parsed(path, DEEP[language](inner))
      for (const question of questionsOf(language)) for (const _ of question.sites(file, facts));
      file[Symbol.dispose]()
    }
  })
