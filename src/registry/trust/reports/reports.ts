import { Worker } from 'node:worker_threads'
import { LRUCache } from 'lru-cache'
import { type Clock, isCode } from '../../../kernel/index.ts'
import type { RepoRef } from '../../content/change.ts'
import { GONE, type Reach, readBlob } from '../read-blob.ts'
import { REPORT_BYTES } from './parse.ts'
import { type Answer, answer, REPORT_WORKER } from './worker.ts'

const CACHE_BYTES = 32 * 1024 * 1024
const FINDING_BYTES = 600
const PATIENCE_MS = 10_000
const THREADS = 2
const HEAP_MB = 256
/** About 1 ms: a thread takes longer to read its code. */
const AT_ONCE_BYTES = 64 * 1024

type Parts = Reach & { readonly clock: Clock }

const BUSY = 'other reports are being read; ask again'
/** Bytes that one request may have parsed; what is remembered costs none. */
export type Budget = { bytes: number }

/**
 * Vulnerability reports, read once: a document never changes under its digest. Parsing takes a thread of its own, with a
 * heap and a time of its own, as a node that parses 8 MiB answers no pull for as long.
 */
export class Reports {
  readonly #parts: Parts
  readonly #cache = new LRUCache<string, Answer>({
    maxSize: CACHE_BYTES,
    sizeCalculation: ({ report }) => 1024 + (report?.findings.length ?? 0) * FINDING_BYTES,
  })
  #running = 0

  constructor(parts: Parts) {
    this.#parts = parts
  }

  async read(repo: RepoRef, { digest, size }: { digest: string; size: number }, budget?: Budget): Promise<Answer> {
    const held = this.#cache.get(digest)
    if (held) return held
    if (budget && budget.bytes < size) return unread('with this page enough others were read; open it')
    if (budget) budget.bytes -= size
    if (this.#running >= THREADS) return unread(BUSY)
    this.#running++
    try {
      const bytes = await readBlob(this.#parts, repo, digest, REPORT_BYTES)
      const told = typeof bytes === 'string' ? unread(bytes) : await parsed(bytes, this.#parts.clock)
      if (bytes !== GONE) this.#cache.set(digest, told)
      return told
    } finally {
      this.#running--
    }
  }
}

function unread(why: string): Answer {
  return { report: undefined, why }
}

async function parsed(bytes: Uint8Array, clock: Clock): Promise<Answer> {
  if (bytes.length <= AT_ONCE_BYTES) return answer(bytes)
  const worker = new Worker(REPORT_WORKER, {
    workerData: new Uint8Array(bytes),
    resourceLimits: { maxOldGenerationSizeMb: HEAP_MB },
    env: {},
  })
  const over = new AbortController()
  try {
    return await Promise.race([
      new Promise<Answer>((done, fail) => {
        worker.once('message', done)
        worker.once('error', (error: unknown) => {
          const memory = isCode(error, 'ERR_WORKER_OUT_OF_MEMORY')
          if (memory) done(unread(`it takes more than ${HEAP_MB} MB of memory to read`))
          else fail(error)
        })
        worker.once('exit', () => fail(new Error('The thread that reads reports ended without an answer')))
      }),
      clock.sleep(PATIENCE_MS, over.signal).then(() => unread(`it took longer than ${PATIENCE_MS / 1000} s to read`)),
    ])
  } finally {
    over.abort()
    await worker.terminate()
  }
}
