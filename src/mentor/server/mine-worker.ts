import { isMainThread, type MessagePort, parentPort, Worker, workerData } from 'node:worker_threads'
import { systemClock } from '../../kernel/index.ts'
import type { MentorConfig } from '../config/types.ts'
import { openIndex } from '../index/open-index.ts'
import { type Mined, mineIndex } from '../norms/mine-index.ts'

/** Plain data: it crosses the thread as it is. */
type Task = { is: 'mentor mining'; dir: string; config: Pick<MentorConfig, 'golden' | 'norms'> }

// Other threads may come by here with what they import.
if (!isMainThread && parentPort && workerData?.is === 'mentor mining') work(parentPort, workerData)

function work(port: MessagePort, { dir, config }: Task): void {
  const index = openIndex({ dir, clock: systemClock('mentor-mining') })
  index.use(config.golden)
  const mined = mineIndex(index, config)
  index.close()
  port.postMessage(mined)
}

/** In a thread: counting what 5,000 files answer takes longer than an editor waits. */
export async function mineInThread(dir: string, { golden, norms }: Task['config']): Promise<Mined> {
  const task: Task = { is: 'mentor mining', dir, config: { golden, norms } }
  const worker = new Worker(new URL(import.meta.url), { workerData: task })
  return await new Promise<Mined>((done, fail) => {
    let mined: Mined | undefined
    worker.once('message', (told: Mined) => {
      mined = told
    })
    worker.once('error', fail)
    // It ends by itself: Node aborts where a thread is terminated while it closes a database.
    worker.once('exit', code => (mined ? done(mined) : fail(new Error(`the mining thread left with code ${code}`))))
  })
}
