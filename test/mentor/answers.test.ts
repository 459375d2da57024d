import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { type TestRepository, testRepository } from '../../src/git/repository.fixture.ts'
import { createRandom } from '../../src/kernel/index.ts'
import { clock, golden, testIndex } from '../../src/mentor/index/index.fixture.ts'
import { type ChatAnswer, createChat, createPrivacy } from '../../src/mentor/index.ts'
import { openModel } from '../../src/models/index.ts'
import { modelServer } from '../../src/models/testing/model-server.fixture.ts'
import { inPieces, KINDS, makeAnswer, type Paragraph, type Seen, seenIn } from './made-answer.fixture.ts'

const UNBACKED = 'not from your golden repositories'
const NOUNS = ['order', 'invoice', 'parcel', 'customer', 'refund', 'basket', 'voucher', 'ledger']
const pathOf = (noun: string) => `src/${noun}/keep-${noun}.ts`

function fileOf(noun: string): string {
  const name = `${noun.charAt(0).toUpperCase()}${noun.slice(1)}`
  return `import { store } from '../store.ts'

/** Keeps the value of the ${noun}. */
export function keep${name}(value: number): number {
  store('${noun}', value)
  return value
}
`
}

type Made = { seen: Seen[]; paragraphs: Paragraph[]; answer: ChatAnswer; shown: string }

/** Sixty-odd questions, each answered by a server with an answer made by its seed. */
async function askAll(
  t: TestContext,
  seeds: readonly string[],
  midway?: (index: ReturnType<typeof testIndex>) => Promise<void>,
) {
  const repository = testRepository(t, Object.fromEntries(NOUNS.map(noun => [pathOf(noun), fileOf(noun)])))
  const team = golden(repository)
  const index = testIndex(t)
  await index.refresh([team])
  const made = new Map<string, ReturnType<typeof makeAnswer> & { seen: Seen[] }>()
  const arrived = Promise.withResolvers<void>()
  const released = Promise.withResolvers<void>()
  if (midway === undefined) released.resolve()
  const server = await modelServer(async ({ messages }) => {
    const text = messages.at(-1)?.text ?? ''
    const seed = /Seed (\S+) /.exec(text)?.[1] ?? ''
    const random = createRandom(seed)
    const seen = seenIn(text)
    const answer = makeAnswer(seen, random)
    made.set(seed, { ...answer, seen })
    if (made.size === seeds.length) arrived.resolve()
    await released.promise
    return { pieces: inPieces(answer.text, random) }
  })
  const model = openModel({ kind: 'openai', url: server.url, model: 'm' }, { clock, env: {} })
  t.after(() => {
    model.close()
    return server.close()
  })
  const library = { index: index.index, reader: index.index.reader, golden: [team] }
  const privacy = createPrivacy({ root: repository.dir, never: [], isIgnored: async () => false })
  const chat = createChat({ library, model, privacy, clock })
  const asking = seeds.map(async (seed, n): Promise<Made> => {
    let shown = ''
    const answer = await chat.ask({
      question: `Seed ${seed} : how do we keep the value of the ${NOUNS[n % NOUNS.length]}?`,
      signal: new AbortController().signal,
      onText: text => {
        shown += text
      },
    })
    const { seen = [], paragraphs = [] } = made.get(seed) ?? {}
    return { seen, paragraphs, answer, shown }
  })
  if (midway) {
    await arrived.promise
    await changeHistory(repository)
    await midway(index)
    await index.refresh([team])
    released.resolve()
  }
  return { repository, head: repository.git('rev-parse', 'HEAD').trim(), answers: await Promise.all(asking) }
}

/** What a citation may lead to afterwards: moved lines, a renamed file, one letter changed, a file that is no more. */
const MOVED = ['order', 'invoice']
const RENAMED = ['parcel']
const GONE = ['customer', 'refund']

async function changeHistory(repository: TestRepository): Promise<void> {
  for (const noun of MOVED) repository.write({ [pathOf(noun)]: `// new\n// lines\n${fileOf(noun)}` })
  for (const noun of RENAMED) {
    repository.git('rm', '--quiet', pathOf(noun))
    repository.write({ [`lib/${noun}.ts`]: fileOf(noun) })
  }
  repository.write({ [pathOf('customer')]: fileOf('customer').replace('return value', 'return  value') })
  repository.git('rm', '--quiet', pathOf('refund'))
  repository.git('add', '--all')
  repository.git('commit', '--quiet', '--amend', '--message', 'Begin anew')
}

/** Every number and place that is shown outside of code leads to bytes that are in the repository, at a commit that is golden now. */
function assertShownExists({ answer, seen }: Made, repository: TestRepository, head: string): number {
  const prose = answer.text.replace(/^```[\s\S]*?^```/gm, '')
  const byNumber = new Map(answer.sources.map(source => [source.number, source]))
  const numbers = [...prose.replace(/`[^`\n]*`/g, '').matchAll(/\[(\d+)\]/g)].map(([, number]) => Number(number))
  const places = [...prose.matchAll(/[\w/.-]+@[0-9a-f]+:[^\s`]+#L\d+-L\d+/g)].map(([place]) => place)
  for (const number of numbers)
    assert.ok(byNumber.has(number), `[${number}] is shown and leads nowhere: ${answer.text}`)
  for (const place of places) {
    assert.ok(
      answer.sources.some(source => source.place === place),
      `${place} is shown and leads nowhere`,
    )
  }
  for (const { number, citation } of answer.sources) {
    assert.equal(citation.commit, head)
    const file = repository.git('show', `${citation.commit}:${citation.path}`)
    const lines = file
      .split('\n')
      .slice(citation.startLine - 1, citation.endLine)
      .join('\n')
    assert.equal(lines, seen.find(one => one.number === number)?.text, `[${number}] is what the model was given`)
  }
  return numbers.length + places.length
}

function assertInventedCaught({ answer, paragraphs, shown }: Made): number {
  assert.equal(shown, answer.text, 'what was streamed is what was checked')
  assert.ok(answer.text.includes('const x = items[1] + items[88]'), 'code stays as it is')
  let caught = 0
  for (const [n, { invented }] of paragraphs.entries()) {
    const paragraph = paragraphAt(answer.text, n)
    for (const what of invented) {
      assert.ok(!paragraph.includes(what), `${what} is shown: ${paragraph}`)
      assert.ok(
        answer.struck.some(one => one.includes(what) || what.includes(one.replace(/[[\]]/g, ''))),
        `${what} was not said to be struck: ${answer.struck}`,
      )
      caught++
    }
  }
  return caught
}

/** A paragraph is marked exactly where nothing backs it. */
function assertMarked({ answer, paragraphs, seen }: Made, isThere: (path: string) => boolean): number {
  let marked = 0
  for (const [n, { cites }] of paragraphs.entries()) {
    const left = cites.filter(number => isThere(seen.find(one => one.number === number)?.place ?? ''))
    const paragraph = paragraphAt(answer.text, n)
    assert.equal(paragraph.includes(UNBACKED), left.length === 0, `${paragraph} (${cites})`)
    if (left.length === 0) marked++
  }
  return marked
}

function paragraphAt(text: string, n: number): string {
  const found = text.split(/\n{2,}/).find(paragraph => paragraph.startsWith(`P${n}: `))
  assert.ok(found, `paragraph ${n} is in ${text}`)
  return found
}

const seedsFrom = (name: string, count: number) => Array.from({ length: count }, (_, n) => `${name}-${n}`)

test('of 40 answers, every citation that is shown leads to bytes, and every invented one is caught', {
  timeout: 120_000,
}, async t => {
  const { repository, head, answers } = await askAll(t, seedsFrom('now', 40))
  const sums = { shown: 0, caught: 0, marked: 0 }
  for (const made of answers) {
    assert.ok(made.seen.length > 1)
    sums.shown += assertShownExists(made, repository, head)
    sums.caught += assertInventedCaught(made)
    sums.marked += assertMarked(made, () => true)
  }
  // Nothing was checked where nothing was generated.
  assert.ok(sums.shown > 80 && sums.caught > 100 && sums.marked > 80, JSON.stringify(sums))
})

test('of 24 answers to which history was rewritten meanwhile, what moved is cited where it is now and what is gone is struck', {
  timeout: 120_000,
}, async t => {
  const { repository, head, answers } = await askAll(t, seedsFrom('moved', 24), async ({ index }) => index.wipe())
  let moved = 0
  let gone = 0
  for (const made of answers) {
    assertShownExists(made, repository, head)
    assertInventedCaught(made)
    assertMarked(made, place => !GONE.some(noun => place.includes(pathOf(noun))))
    for (const { citation, number } of made.answer.sources) {
      const was = made.seen.find(one => one.number === number)?.place ?? ''
      if (!was.includes(`${citation.path}#L${citation.startLine}-`)) moved++
    }
    gone += made.paragraphs
      .flatMap(({ cites }) => cites)
      .filter(number =>
        made.seen.some(one => one.number === number && GONE.some(noun => one.place.includes(pathOf(noun)))),
      ).length
  }
  assert.ok(moved > 10 && gone > 5, `${moved} moved, ${gone} gone`)
})

test('each kind of citation was made', () => {
  const kinds = Object.values(KINDS).flatMap(group => Object.keys(group))
  assert.ok(kinds.length > 25)
})
