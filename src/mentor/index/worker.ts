import { isMainThread, type MessagePort, parentPort, workerData } from 'node:worker_threads'
import { Failure, systemClock } from '../../kernel/index.ts'
import type { GoldenSource } from '../config/types.ts'
import { refresh } from './refresh.ts'
import type { Progress, Refreshed, Trouble } from './types.ts'

/** `GoldenSource` and `Refreshed` are plain data: they cross the thread as they are. */
export type Task = { readonly is: 'mentor index'; readonly dir: string; readonly golden: readonly GoldenSource[] }
export type Told =
  | { progress: Progress }
  | { done: Refreshed }
  | { failed: Trouble & { status: number } }
  | { wrong: unknown }

/** This file, for whoever starts it as a thread. */
export const INDEX_WORKER = new URL(import.meta.url)

/** A state of an editor's progress bar; more only keep the other thread busy. */
const TELL_MS = 50

// Other threads may come by here with what they import.
if (!isMainThread && parentPort && workerData?.is === 'mentor index') await work(parentPort, workerData)

async function work(port: MessagePort, { dir, golden }: Task): Promise<void> {
  const clock = systemClock('mentor-index')
  const over = new AbortController()
  port.once('message', () => over.abort(new Error('called off')))
  const tell = (told: Told) => port.postMessage(told)
  let last = { phase: '', repository: '', at: 0 }
  const onProgress = (progress: Progress) => {
    const isSame = progress.phase === last.phase && progress.repository === last.repository
    const at = clock.monotonic()
    if (isSame && at - last.at < TELL_MS && progress.done !== progress.total) return
    last = { ...progress, at }
    tell({ progress })
  }
  try {
    tell({ done: await refresh({ dir, golden, clock, signal: over.signal, onProgress }) })
  } catch (error) {
    if (error instanceof Failure) {
      tell({ failed: { code: error.code, status: error.status, says: error.message, next: error.next } })
    } else tell({ wrong: error })
  }
  port.close()
}
