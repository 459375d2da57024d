import type { Ms } from '../clock.ts'
import { failure } from '../failure.ts'
import { list, sql } from '../store/sql.ts'
import { type AnyWrite, type Tx, write } from '../store/types.ts'
import { addJob } from './add.ts'

export const JobKindTwice = failure('JOB_KIND_TWICE', 500, (kind: string) => ({
  says: `Jobs of kind "${kind}" have two handlers`,
  next: 'Name the kind after its room and what it does, and handle it once',
}))

export const JobUnknown = failure('JOB_UNKNOWN', 404, (id: string) => ({
  says: `There is no dead job "${id.slice(0, 80)}"`,
  next: 'List the dead jobs; it may have been retried already',
}))

export type Claimed = { id: string; kind: string; key: string; input: string; attempts: number; fence: number }
type Held = Pick<Claimed, 'id' | 'fence'>

type Claim = { owner: string; ids: readonly string[]; attempts: Record<string, number>; leaseMs: Ms }

/** Takes jobs that were seen due, also those whose process let its lease run out. One that has no attempts left dies here. */
export const claimJobs = write('job.claim', async (tx, { owner, ids, attempts: most, leaseMs }: Claim) => {
  const now = tx.clock.now()
  const due = await tx.all<Claimed>(sql`select id, kind, key, input, attempts, fence from job
    where id in (${list(ids)}) and state <> 'dead' and due_at <= ${now} order by due_at`)
  const claimed: Claimed[] = []
  for (const job of due) {
    if (job.attempts >= (most[job.kind] ?? 0)) {
      await tx.run(sql`update job set state = 'dead', owner = '', updated_at = ${now},
        last_error = ${'Its process died or hung at every attempt'} where id = ${job.id}`)
      continue
    }
    const [attempts, fence] = [job.attempts + 1, job.fence + 1]
    await tx.run(sql`update job set state = 'running', owner = ${owner}, attempts = ${attempts}, fence = ${fence},
      due_at = ${now + leaseMs}, again = 0, updated_at = ${now} where id = ${job.id}`)
    claimed.push({ ...job, attempts, fence })
  }
  return claimed
})

/** When a process starts: what one of its name had in hand is due at once, without waiting for the lease of the dead. */
export const takeBackJobs = write('job.take-back', async (tx, owner: string): Promise<null> => {
  await tx.run(sql`update job set due_at = ${tx.clock.now()} where owner = ${owner} and state = 'running'`)
  return null
})

/** Keeps running jobs; tells for each whether it is still this process's. */
export const beatJobs = write('job.beat', async (tx, { jobs, leaseMs }: { jobs: Held[]; leaseMs: Ms }) => {
  const due = tx.clock.now() + leaseMs
  const kept: boolean[] = []
  for (const { id, fence } of jobs) {
    const changed = await tx.run(sql`update job set due_at = ${due}
      where id = ${id} and fence = ${fence} and state = 'running'`)
    kept.push(changed > 0)
  }
  return kept
})

/** Ends an attempt that went well. `repeatAt`: the job comes back at that time. */
export const finishJob = write('job.finish', async (tx, { id, fence, repeatAt }: Held & { repeatAt?: Ms }) => {
  const now = tx.clock.now()
  const again = await tx.run(sql`update job set state = 'pending', owner = '', attempts = 0, last_error = '', again = 0,
    due_at = ${now}, updated_at = ${now} where id = ${id} and fence = ${fence} and state = 'running' and again = 1`)
  if (again > 0) return
  if (repeatAt === undefined) {
    await tx.run(sql`delete from job where id = ${id} and fence = ${fence} and state = 'running'`)
    return
  }
  await tx.run(sql`update job set state = 'pending', owner = '', attempts = 0, last_error = '',
    due_at = ${repeatAt}, updated_at = ${now} where id = ${id} and fence = ${fence} and state = 'running'`)
})

type Failed = Held & { error: string; dueAt: Ms; dead: boolean }

/** Ends an attempt that failed. One added again meanwhile starts anew: its cause may be gone. */
export const failJob = write('job.fail', async (tx, { id, fence, error, dueAt, dead }: Failed) => {
  await tx.run(sql`update job set owner = '', last_error = ${error}, updated_at = ${tx.clock.now()}, due_at = ${dueAt},
      state = case when again = 0 and ${dead ? 1 : 0} = 1 then 'dead' else 'pending' end,
      attempts = case when again = 1 then 0 else attempts end, again = 0
    where id = ${id} and fence = ${fence} and state = 'running'`)
})

/** Gives an attempt back that the end of the process cut short; it does not count. */
export const releaseJob = write('job.release', async (tx, { id, fence }: Held) => {
  const now = tx.clock.now()
  await tx.run(sql`update job set state = 'pending', owner = '', attempts = attempts - 1, due_at = ${now},
    updated_at = ${now}, again = 0 where id = ${id} and fence = ${fence} and state = 'running'`)
})

export const retryJob = write('job.retry', async (tx: Tx, id: string) => {
  const now = tx.clock.now()
  const changed = await tx.run(sql`update job set state = 'pending', attempts = 0, due_at = ${now}, updated_at = ${now}
    where id = ${id} and state = 'dead'`)
  if (changed === 0) throw JobUnknown(id)
})

/** The job of a repeated kind exists from the first start on. */
export const startRepeat = write('job.startRepeat', async (tx, { kind, key }: { kind: string; key: string }) => {
  const held = await tx.one(sql`select id from job where kind = ${kind} and key = ${key}`)
  if (held === undefined) await addJob(tx, { kind, key, input: null })
})

export const jobWrites: readonly AnyWrite[] = [
  claimJobs,
  takeBackJobs,
  beatJobs,
  finishJob,
  failJob,
  releaseJob,
  retryJob,
  startRepeat,
]
