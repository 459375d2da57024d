import { extname } from 'node:path'
import { Worker } from 'node:worker_threads'
import { failure } from '../kernel/index.ts'
import type { Asked, Told } from './query-thread.ts'

/** `az` takes `word` for "word". */
const READ_AS_AZ = { enable_legacy_literals: true }
const LONGEST = 4096
const PATIENCE_MS = 5_000
const MOST_MB = 512

const QueryWrong = failure('CLI_USAGE', 400, (says: string) => ({
  says: `--query: ${says}`,
  next: 'The language is that of jmespath.org; what there is to ask of is shown by -o json without --query',
}))

/** Throws where `query` can't be read, and says where; before anything is asked of a server. */
export async function checkQuery(query: string): Promise<void> {
  if (query.length > LONGEST) throw QueryWrong(`it is ${query.length} characters long, and may be ${LONGEST}`)
  const { compile } = await import('@jmespath-community/jmespath')
  try {
    compile(query, READ_AS_AZ)
  } catch (error) {
    if (error instanceof RangeError) throw QueryWrong('it is nested too deep')
    const at = await wrongAt(query)
    const shown = `${query}\n${' '.repeat(at)}^`
    throw QueryWrong(`${wordsOf(error)}, at character ${at + 1}\n${shown}`)
  }
}

/** The library does not say where: at the end of the longest part that could go on to something right. */
async function wrongAt(query: string): Promise<number> {
  const { compile, tokenize } = await import('@jmespath-community/jmespath')
  let readable = query.length
  while (readable > 0 && !succeeds(() => tokenize(query.slice(0, readable), READ_AS_AZ))) readable--
  if (readable < query.length) return readable
  const starts = tokenize(query, READ_AS_AZ).map(token => token.start)
  const wrong = starts.findIndex((_, at) => !goesOn(() => compile(query.slice(0, starts[at + 1]), READ_AS_AZ)))
  return starts[wrong] ?? query.length
}

function succeeds(read: () => unknown): boolean {
  try {
    read()
    return true
  } catch {
    return false
  }
}

function goesOn(read: () => unknown): boolean {
  try {
    read()
    return true
  } catch (error) {
    return /got: EOF$|\(EOF\)/.test(String(error))
  }
}

/** In a thread of its own: a query of few words can ask for more than a machine has. */
export async function answerQuery(query: string, data: unknown): Promise<unknown> {
  const asked: Asked = { query, data: JSON.stringify(data) ?? 'null', reading: READ_AS_AZ }
  const told = await inThread(asked)
  if ('wrong' in told) throw QueryWrong(told.wrong)
  return JSON.parse(told.answer)
}

function inThread(asked: Asked): Promise<Told> {
  const file = new URL(`./query-thread${extname(import.meta.filename)}`, import.meta.url)
  const thread = new Worker(file, { workerData: asked, resourceLimits: { maxOldGenerationSizeMb: MOST_MB } })
  const late = AbortSignal.timeout(PATIENCE_MS)
  return new Promise<Told>(done => {
    thread.once('message', done)
    thread.once('error', error => {
      const tooMuch = error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY'
      done({ wrong: tooMuch ? `it takes more than ${MOST_MB} MB to answer` : wordsOf(error) })
    })
    late.addEventListener('abort', () => done({ wrong: `it was not answered within ${PATIENCE_MS / 1000} s` }))
  }).finally(() => thread.terminate())
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
