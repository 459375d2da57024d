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
  const worker = new Worker(INDEX_WORKER, {
    workerData: task,
    resourceLimits: { maxOldGenerationSizeMb: HEAP_MB },
  })
  const over = new AbortController()
  const onAbort = () => {
    worker.postMessage('stop')
    clock.sleep(PATIENCE_MS, over.signal).then(
      () => worker.terminate(),
      () => undefined,
    )
  }
  signal.addEventListener('abort', onAbort, { once: true })
  let end: Exclude<Told, { progress: Progress }> | undefined
  let fault: unknown
  worker.on('message', (told: Told) => {
    if ('progress' in told) onProgress(told.progress)
    else end = told
  })
  worker.once('error', error => {
    fault = error
  })
  try {
    // It ends by itself: Node aborts where a thread is terminated while it closes a database.
    const code = await new Promise<number>(done => worker.once('exit', done))
    if (end && 'done' in end) return end.done
    signal.throwIfAborted()
    if (end && 'failed' in end) throw new Failure(end.failed.code, end.failed.status, end.failed)
    if (end) throw end.wrong
    throw IndexerEnded(fault instanceof Error ? fault.message : `it left with code ${code}`).from(fault)
  } finally {
    over.abort()
    signal.removeEventListener('abort', onAbort)
  }
}
