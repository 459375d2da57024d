import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Parsed } from '../../parse/parsed.ts'
import { parsed } from '../../parse/parsing.fixture.ts'
import { answers } from '../answers.ts'
import type { Norm } from '../norm.ts'
import type { Question } from '../question.ts'
import { questionsOf } from '../questions.ts'
import { type Breaking, changed } from './breaking.fixture.ts'
import { breakings } from './breakings.fixture.ts'

const LANGUAGES = [
  { language: 'typescript', source: 'src/a.ts', test: 'src/a.test.ts' },
  { language: 'javascript', source: 'src/a.js', test: 'src/a.test.js' },
  { language: 'python', source: 'src/a.py', test: 'tests/test_a.py' },
  { language: 'go', source: 'a.go', test: 'a_test.go' },
  { language: 'csharp', source: 'src/Reader.cs', test: 'src/ReaderTests.cs' },
  {
    language: 'java',
    source: 'src/main/java/Reader.java',
    test: 'src/test/java/ReaderTest.java',
  },
] as const

const facts = {
  paths: new Set([
    'src/pack/__init__.py',
    'src/pack/main.py',
    'src/pack/reader.py',
    'kit/store/a.go',
    'kit/routes/a.go',
  ]),
}

for (const { language, source, test: inTests } of LANGUAGES) {
  test(`every question of ${language} sees a place that holds, and the same place broken`, async t => {
    const [breaking, questions] = [breakings[language], questionsOf(language)]
    assert.deepEqual(Object.keys(breaking).toSorted(), questions.map(({ id }) => id).toSorted())
    for (const question of questions) {
      await t.test(question.id, async () => {
        const shown = breaking[question.id]
        assert.ok(shown)
        await sees(question, shown, shown.path ?? (question.asked === 'in tests' ? inTests : source))
      })
    }
  })
}

async function sees(question: Question, { example, breaks }: Breaking, path: string): Promise<void> {
  const before = await parsed(path, example)
  assert.equal(before.broken, false, 'the example has an error')
  const held = [...answers(before, [question], facts)]
    .map(({ id, site }) => ({ id, site, change: breaks({ file: before, site, facts }) }))
    .find(({ change }) => change !== undefined)
  assert.ok(held?.change, 'the example has no place that can be broken')
  const { id, site, change } = held
  const otherwise = (file: Parsed) =>
    [...answers(file, [question], facts)].filter(one => one.id === id && one.site.answer !== site.answer)
  assert.deepEqual(otherwise(before), [], 'the example is broken before')

  const now = changed(before, change)
  const after = await parsed(now.path, now.text)
  assert.equal(after.broken, false, `the broken example has an error:\n${after.text}`)
  const [found] = otherwise(after)
  assert.ok(found, `not seen:\n${after.text}`)

  const norm = { id, answer: site.answer } as Norm
  const words = question.words(norm, found.site, after)
  assert.ok(words, `no words of “${site.answer}”`)
  assert.match(words.nudge, /\?/, 'a nudge asks')
  assert.ok(words.why.length > 20)

  if (words.sketch === undefined) return
  const { startIndex, endIndex } = found.site
  const drawn = await parsed(after.path, after.text.slice(0, startIndex) + words.sketch + after.text.slice(endIndex))
  assert.equal(drawn.broken, false, `the sketch has an error:\n${drawn.text}`)
  assert.deepEqual(otherwise(drawn), otherwise(after).slice(1), `the sketch does not mend it:\n${drawn.text}`)
}
