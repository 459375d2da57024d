import { isMainThread, type MessagePort, parentPort, Worker, workerData } from 'node:worker_threads'
import { Failure, systemClock } from '../../kernel/index.ts'
import type { MentorConfig } from '../config/types.ts'
import type { DocumentKind } from '../documents/make-document.ts'
import { type ProjectDocument, projectDocument } from '../documents/project-document.ts'
import { openLibrary } from './open-library.ts'

/** Plain data: it crosses the thread as it is. */
type Making = {
  dir: string
  kind: DocumentKind
  config: MentorConfig
  folder: string
  env: Readonly<Record<string, string | undefined>>
  retell: boolean
}
type Task = Making & { is: 'mentor document' }
type Told =
  | { made: ProjectDocument }
  | { failed: Pick<Failure, 'code' | 'status' | 'next'> & { says: string } }
  | { wrong: unknown }

// Other threads may come by here with what they import.
if (!isMainThread && parentPort && workerData?.is === 'mentor document') await work(parentPort, workerData)

async function work(port: MessagePort, { dir, kind, ...project }: Task): Promise<void> {
  const over = new AbortController()
  port.once('message', () => over.abort(new Error('called off')))
  const clock = systemClock('mentor-document')
  const library = openLibrary({ dir, clock })
  library.use(project.config.golden)
  let told: Told
  try {
    told = { made: await projectDocument(kind, { ...project, library, clock, signal: over.signal }) }
  } catch (error) {
    told =
      error instanceof Failure
        ? { failed: { code: error.code, status: error.status, says: error.message, next: error.next } }
        : { wrong: error }
  }
  library.close()
  port.postMessage(told)
  port.close()
}

/** In a thread: a wiki of 5,000 files takes seconds in which nobody could type. */
export async function documentInThread(making: Making, signal: AbortSignal): Promise<ProjectDocument> {
  signal.throwIfAborted()
  const task: Task = { ...making, is: 'mentor document' }
  const worker = new Worker(new URL(import.meta.url), { workerData: task })
  // It ends by itself then: Node aborts where a thread is terminated while it closes a database.
  const stop = () => worker.postMessage('stop')
  signal.addEventListener('abort', stop, { once: true })
  try {
    const told = await new Promise<Told>((done, fail) => {
      let told: Told | undefined
      worker.once('message', (message: Told) => {
        told = message
      })
      worker.once('error', fail)
      worker.once('exit', code => (told ? done(told) : fail(new Error(`the thread left with code ${code}`))))
    })
    signal.throwIfAborted()
    if ('made' in told) return told.made
    if ('failed' in told) throw new Failure(told.failed.code, told.failed.status, told.failed)
    throw told.wrong
  } finally {
    signal.removeEventListener('abort', stop)
  }
}
