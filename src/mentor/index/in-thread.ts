import { Worker } from 'node:worker_threads'
import { type Clock, Failure } from '../../kernel/index.ts'
import { IndexerEnded } from './failures.ts'
import type { Progress, Refreshed } from './types.ts'
import { INDEX_WORKER, type Task, type Told } from './worker.ts'

/** Wasm and SQLite have memory of their own; this is what the files and rows of one batch, and all paths, may take. */
const HEAP_MB = 1024
/** One batch and the end of git; then it is ended without asking. */
const PATIENCE_MS = 10_000

type InThread = { task: Task; clock: Clock; signal: AbortSignal; onProgress(progress: Progress): void }

/** Refreshes in a thread of its own: the language server goes on answering. */
export async function refreshInThread({ task, clock, signal, onProgress }: InThread): Promise<Refreshed> {
  signal.throwIfAborted()
  const worker = new Worker(INDEX_WORKER, { workerData: task, resourceLimits: { maxOldGenerationSizeMb: HEAP_MB } })
  const over = new AbortController()
  const onAbort = () => {
    worker.postMessage('stop')
    clock.sleep(PATIENCE_MS, over.signal).then(
      () => worker.terminate(),
      () => undefined,
    )
  }
  signal.addEventListener('abort', onAbort, { once: true })
  try {
    return await new Promise<Refreshed>((done, fail) => {
      worker.on('message', (told: Told) => {
        if ('progress' in told) onProgress(told.progress)
        else if ('done' in told) done(told.done)
        else if (signal.aborted) fail(signal.reason)
        else if ('failed' in told) fail(new Failure(told.failed.code, told.failed.status, told.failed))
        else fail(told.wrong)
      })
      worker.once('error', error =>
        fail(IndexerEnded(error instanceof Error ? error.message : 'no reason').from(error)),
      )
      worker.once('exit', code => fail(signal.aborted ? signal.reason : IndexerEnded(`it left with code ${code}`)))
    })
  } finally {
    over.abort()
    signal.removeEventListener('abort', onAbort)
    await worker.terminate()
  }
}
