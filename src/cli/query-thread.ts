import { parentPort, workerData } from 'node:worker_threads'
import { search } from '@jmespath-community/jmespath'

/** `data` and `answer` are JSON. */
export type Asked = { query: string; data: string; reading: { enable_legacy_literals: boolean } }
export type Told = { answer: string } | { wrong: string }

parentPort?.postMessage(answer(workerData))

function answer({ query, data, reading }: Asked): Told {
  try {
    const found = search(JSON.parse(data), query, reading)
    return { answer: JSON.stringify(found) ?? 'null' }
  } catch (error) {
    return { wrong: error instanceof Error ? error.message : String(error) }
  }
}
