import type { Ms } from '../clock.ts'
import { failure } from '../failure.ts'
import { sql } from '../store/sql.ts'
import { type AnyWrite, type Migration, type Tx, write } from '../store/types.ts'

/** `fence` grows each time another holder gets the lease: whoever holds an older number has lost it. */
export type Lease = { readonly name: string; readonly holder: string; readonly fence: number; readonly until: Ms }

export const LeaseLost = failure('LEASE_LOST', 409, (name: string, fence: number) => ({
  says: `Lease "${name}" is no longer held under number ${fence}`,
  next: 'Stop this work; the holder of the newer number goes on with it',
}))

export const leaseMigrations: readonly Migration[] = [
  {
    id: 'kernel-lease-1',
    statements: [
      `create table lease (name {text} not null primary key, holder {text} not null, fence {bigint} not null,
        until {bigint} not null) {strict}`,
    ],
  },
]

/** A lease that ends later than this and its length was given by a clock that has been put back since. */
const MAX_SKEW_MS = 60_000

type Asked = { name: string; holder: string; ms: Ms }

/**
 * Takes a lease, or makes the holder's own longer under the same number; undefined where another has
 * it. Time only decides when to give up on a silent holder. What keeps two from acting at once is
 * `checkLease` inside each write.
 */
export const takeLease = write('lease.take', async (tx, { name, holder, ms }: Asked): Promise<Lease | undefined> => {
  const now = tx.clock.now()
  const held = await tx.one<Lease>(sql`select holder, fence, until from lease where name = ${name}`)
  const valid = held !== undefined && held.until > now && held.until <= now + ms + MAX_SKEW_MS
  if (valid && held.holder !== holder) return undefined
  const same = valid && held.holder === holder
  const fence = same ? held.fence : (held?.fence ?? 0) + 1
  const until = now + ms
  await tx.run(sql`insert into lease (name, holder, fence, until) values (${name}, ${holder}, ${fence}, ${until})
    on conflict (name) do update set holder = excluded.holder, fence = excluded.fence, until = excluded.until`)
  return { name, holder, fence, until }
})

/** Gives a lease back, so that nobody waits for its end; nothing happens where it was lost. */
export const dropLease = write('lease.drop', async (tx, { name, fence }: Pick<Lease, 'name' | 'fence'>) => {
  await tx.run(sql`update lease set until = 0 where name = ${name} and fence = ${fence}`)
})

/** Throws LeaseLost inside a write where the number is no longer the newest. */
export async function checkLease(tx: Tx, { name, fence }: Pick<Lease, 'name' | 'fence'>): Promise<void> {
  const held = await tx.one<{ fence: number }>(sql`select fence from lease where name = ${name}`)
  if (held?.fence !== fence) throw LeaseLost(name, fence)
}

export const leaseWrites: readonly AnyWrite[] = [takeLease, dropLease]
