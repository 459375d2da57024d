import { type JobAttempt, JobHopeless, type Jobs } from '../../kernel/index.ts'
import { type AttemptParts, attempt } from './attempt.ts'
import { dropUploads } from './bring-blob.ts'
import type { ImportRef } from './import.ts'
import { readImport } from './rows.ts'
import { IMPORT_JOB, imports } from './writes.ts'

/** Of one process, beside its other jobs: an import may take hours, and those must not wait for it. */
export const IMPORTS_AT_ONCE = 2

/** `jobs`: a worker for imports alone. How often one is tried is its own affair: what brings something may go on. */
export function importJobs(jobs: Pick<Jobs, 'handle'>, parts: AttemptParts): void {
  const policy = { attempts: Number.MAX_SAFE_INTEGER, backoffMs: 2_000, maxBackoffMs: 15 * 60_000 }
  jobs.handle(IMPORT_JOB, job => work(parts, job), policy)
}

async function work(parts: AttemptParts, { input, fence, signal }: JobAttempt): Promise<void> {
  const ref = refOf(input)
  const taken = await parts.store.write(imports.take, { ...ref, fence })
  if (taken) await attempt(parts, taken, fence, signal)
  const one = await readImport(parts.store.read, ref)
  if (one && one.endedAt > 0) await dropUploads(parts, one)
}

function refOf(input: unknown): ImportRef {
  const { registryId, id } = (input ?? {}) as Partial<ImportRef>
  if (typeof registryId !== 'string' || typeof id !== 'string') throw JobHopeless('The job names no import')
  return { registryId, id }
}
