import { isMainThread, parentPort, workerData } from 'node:worker_threads'
import { Failure } from '../../../kernel/index.ts'
import { DocumentUnreadable } from '../failures.ts'
import { parseReport } from './parse.ts'
import type { Report } from './report.ts'

/** This file, for whoever starts it as a thread. */
export const REPORT_WORKER = new URL(import.meta.url)

/** `report` undefined: it reports nothing, or `why` says why it could not be read. */
export type Answer = { readonly report: Report | undefined; readonly why: string }

if (!isMainThread && workerData instanceof Uint8Array) parentPort?.postMessage(answer(workerData))

/** What the thread answers; for few bytes at once, as a thread takes longer to start. */
export function answer(bytes: Uint8Array): Answer {
  try {
    return { report: parseReport(bytes), why: '' }
  } catch (error) {
    if (error instanceof Failure && error.is(DocumentUnreadable)) return { report: undefined, why: error.message }
    throw error
  }
}
