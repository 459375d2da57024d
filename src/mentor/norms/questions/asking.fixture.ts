import assert from 'node:assert/strict'
import { parsed } from '../../parse/parsing.fixture.ts'
import { answers } from '../answers.ts'
import type { Norm } from '../norm.ts'
import type { Words } from '../question.ts'
import { questionsOf } from '../questions.ts'

const facts = { paths: new Set<string>() }

/** What a source answers to a question: `what is underlined → answer`, with the key in brackets. */
export async function asked(id: string, path: string, text: string, paths: readonly string[] = []): Promise<string[]> {
  const file = await parsed(path, text)
  assert.equal(file.broken, false, `${path} is broken`)
  const question = questionsOf(file.language).find(one => one.id === id)
  assert.ok(question, `no question ${id}`)
  return [...answers(file, [question], { paths: new Set(paths) })].map(({ site }) => {
    const { startIndex, endIndex, answer, key } = site
    return `${text.slice(startIndex, endIndex)} → ${answer}${key === undefined ? '' : ` (${key})`}`
  })
}

/** What is said at the first place that answers otherwise than `answer`. */
export async function said(id: string, answer: string, path: string, text: string): Promise<Words> {
  const file = await parsed(path, text)
  const question = questionsOf(file.language).find(one => one.id === id)
  const found = question && [...answers(file, [question], facts)].find(({ site }) => site.answer !== answer)
  assert.ok(found, `nothing to say of ${id}`)
  const norm: Norm = {
    id: found.id,
    language: 'typescript',
    answer,
    agree: 1,
    cases: 1,
    repositories: 1,
    share: 1,
    examples: [],
    dissent: [],
  }
  const words = found.question.words(norm, found.site, file)
  assert.ok(words, `no words of ${answer}`)
  return words
}
