import type { Clock } from '../../kernel/index.ts'
import type { Model } from '../../models/index.ts'
import { checkAnswer } from '../chat/check-answer.ts'
import { frame, quiet } from '../chat/frame.ts'
import { type Given, givenPassages } from '../chat/given.ts'
import { systemPrompt } from '../chat/prompt.ts'
import { type Library, retrieve } from '../chat/retrieve.ts'
import { formatCitation } from '../citations/format-citation.ts'
import type { Privacy } from '../privacy/types.ts'
import type { Review } from './review.ts'

/** New lines of a file, with a few around them. */
export type Change = {
  /** Absolute, for privacy. */
  readonly file: string
  readonly path: string
  readonly startLine: number
  readonly endLine: number
  readonly text: string
}

export type Reviewing = {
  review: Review
  changes: readonly Change[]
  library: Library
  model: Model
  privacy: Privacy
  clock: Clock
  signal: AbortSignal
}

export type ReviewWords = {
  readonly text: string
  readonly sources: readonly Given[]
  readonly struck: readonly string[]
  /** Paths of which nothing was sent, and why. */
  readonly withheld: readonly { readonly path: string; readonly why: string }[]
}

const CHANGES_MAX = 24_000
const PASSAGES_MAX = 10
const ASKED = `Review these changes as an experienced and friendly colleague would review a junior's first pull request.
Begin with what is done well. Then at most five points, the most important first: what it is, why it matters, how the golden passages do it, and an alternative where there is one. Name the developer's own lines as "line 12 of src/a.ts".`

/** A model's prose on top of the review: given golden passages, checked as any other answer. */
export async function reviewWords(reviewing: Reviewing): Promise<ReviewWords> {
  const { review, changes, library, model, privacy, clock, signal } = reviewing
  const mark = Buffer.from(clock.bytes(12)).toString('hex')
  const passages = givenPassages(library.reader)
  const withheld: { path: string; why: string }[] = []
  const mine: string[] = []
  let length = 0
  for (const { file, path, startLine, endLine, text } of changes) {
    const sent = await privacy.clear({ path: file, text })
    if ('withheld' in sent) {
      withheld.push({ path, why: sent.withheld })
      continue
    }
    length += sent.text.length
    if (length > CHANGES_MAX) {
      withheld.push({ path, why: 'is past what is sent in one question' })
      continue
    }
    passages.mine.add(path)
    mine.push(frame(mark, `the developer's own ${path}, lines ${startLine} to ${endLine}`, sent.text))
    for (const { citation, text: found } of await retrieve(library, {
      question: text,
      earlier: [],
      selection: undefined,
    })) {
      if (passages.all().length >= PASSAGES_MAX) break
      const cleared = await privacy.clear({ text: found })
      if ('text' in cleared) passages.add(citation, cleared.text)
    }
  }
  const golden = passages
    .all()
    .map(({ number, citation, text }) =>
      frame(mark, `passage [${number}] ${formatCitation(citation)}`, quiet(text).text),
    )
  const norms = review.remarks
    .filter(({ path }) => passages.mine.has(path))
    .map(({ path, line, asks, why, heldBy }) => `- line ${line} of ${path}: ${asks} ${why} (${heldBy})`)
  const known = norms.length > 0 ? [`What was found by counting:\n${norms.join('\n')}`] : []
  const check = checkAnswer(passages)
  const shown: string[] = []
  const ask = {
    system: systemPrompt(mark),
    messages: [{ role: 'user' as const, text: [...golden, ...mine, ...known, ASKED].join('\n\n') }],
  }
  if (mine.length > 0) {
    for await (const event of model.stream({ ...ask, signal }))
      if ('text' in event) shown.push(await check.push(event.text))
    shown.push(await check.end())
  }
  return { text: shown.join(''), sources: check.cited(), struck: check.struck(), withheld }
}
