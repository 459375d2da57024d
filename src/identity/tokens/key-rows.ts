import { type ReadTx, sql, write } from '../../kernel/index.ts'
import type { PublishedKey } from './key-ring.ts'
import { REFRESH_LIFE } from './token.ts'

/** All nodes must know a key before one signs with it: longer than the 10 s in which they hear of a change. */
const LEAD_MS = 15_000
/** Beyond the life of the last token: clocks of two machines differ. */
const MARGIN_MS = 60_000

type Key = { kid: string; x: string }

/** The key that a platform starts with. Known already: nothing happens. */
const ensureKey = write('tokens.ensure-signing-key', async (tx, { kid, x }: Key): Promise<null> => {
  const now = tx.clock.now()
  // At once where others are known too: their private halves did not come along, as after a restore.
  await tx.run(sql`insert into signing_key (kid, x, created_at, signs_from, ends_at)
    values (${kid}, ${x}, ${now}, ${now}, 0) on conflict (kid) do nothing`)
  return null
})

type Rotation = Key & {
  /** The old keys are lost to somebody: all that they signed is refused at once. */
  immediately: boolean
}

const rotateKey = write('tokens.rotate-signing-key', async (tx, input: Rotation): Promise<null> => {
  const { kid, x, immediately } = input
  const now = tx.clock.now()
  const from = immediately ? now : now + LEAD_MS
  const end = immediately ? now : from + REFRESH_LIFE * 1000 + MARGIN_MS
  await tx.run(sql`update signing_key set ends_at = ${end}
    where kid <> ${kid} and (ends_at = 0 or ends_at > ${end})`)
  // Rows of keys that are over stay: the file that the first one came from is still there, and must not come back.
  await tx.run(sql`insert into signing_key (kid, x, created_at, signs_from, ends_at)
    values (${kid}, ${x}, ${now}, ${from}, 0) on conflict (kid) do nothing`)
  return null
})

export const keyWrites = [ensureKey, rotateKey]
export const signingKeys = { ensure: ensureKey, rotate: rotateKey } as const

/** Oldest first. */
export async function readSigningKeys(db: ReadTx): Promise<PublishedKey[]> {
  const rows = await db.all<{ kid: string; x: string; signs_from: number; ends_at: number }>(
    sql`select kid, x, signs_from, ends_at from signing_key order by signs_from, kid`,
  )
  return rows.map(row => ({
    kid: row.kid,
    x: row.x,
    signsFrom: row.signs_from,
    endsAt: row.ends_at === 0 ? null : row.ends_at,
  }))
}
