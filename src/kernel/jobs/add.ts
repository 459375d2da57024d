import { failure } from '../failure.ts'
import { newId } from '../id.ts'
import { sql } from '../store/sql.ts'
import type { Tx } from '../store/types.ts'
import type { NewJob } from './types.ts'

const MAX_INPUT = 64 * 1024

export const JobInputTooLarge = failure('JOB_INPUT_TOO_LARGE', 413, (kind: string, length: number) => ({
  says: `The input of a "${kind}" job has ${length} characters; ${MAX_INPUT} are the most`,
  next: 'Store it as rows and pass their key',
}))

/**
 * Adds a job in the transaction that makes it necessary. Where one of its kind and key exists:
 * a pending one takes the newer input and the earlier time, a running one runs once more
 * afterwards, a dead one gets all its attempts back.
 */
export async function addJob(tx: Tx, { kind, key, input, notBefore }: NewJob): Promise<void> {
  const text = JSON.stringify(input)
  if (text.length > MAX_INPUT) throw JobInputTooLarge(kind, text.length)
  const now = tx.clock.now()
  await tx.run(sql`insert into job
      (id, kind, key, input, state, attempts, fence, owner, due_at, again, created_at, updated_at, last_error)
    values (${newId(tx.clock, 'job')}, ${kind}, ${key}, ${text}, 'pending', 0, 0, '', ${notBefore ?? now}, 0,
      ${now}, ${now}, '')
    on conflict (kind, key) do update set input = excluded.input, updated_at = excluded.updated_at,
      again = case when job.state = 'running' then 1 else 0 end,
      attempts = case when job.state = 'dead' then 0 else job.attempts end,
      due_at = case when job.state = 'dead' then excluded.due_at
        when job.state = 'pending' and job.attempts = 0 and excluded.due_at < job.due_at then excluded.due_at
        else job.due_at end,
      state = case when job.state = 'dead' then 'pending' else job.state end`)
}
