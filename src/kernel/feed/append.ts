import { failure } from '../failure.ts'
import { randomText } from '../id.ts'
import { sql } from '../store/sql.ts'
import type { Tx } from '../store/types.ts'

export type NewFeedEntry = {
  readonly region: string
  /** Names what happened, as in `tag.put`; readers skip none silently. */
  readonly kind: string
  readonly registryId: string
  /** Plain JSON, small: names and digests, not content. */
  readonly body: unknown
}

/** Entries are read by the hundred; content has its own way. */
const MAX_BODY = 256 * 1024

export const FeedEntryTooLarge = failure('FEED_ENTRY_TOO_LARGE', 413, (kind: string, length: number) => ({
  says: `A "${kind}" entry of ${length} characters is over the feed's limit of ${MAX_BODY}`,
  next: 'Name the content by its digest instead of carrying it',
}))

/** Adds an entry in the transaction of the change it tells of. It touches no row of anyone else's. */
export async function appendFeed(tx: Tx, { region, kind, registryId, body }: NewFeedEntry): Promise<void> {
  const text = JSON.stringify(body)
  if (text.length > MAX_BODY) throw FeedEntryTooLarge(kind, text.length)
  // The stamp orders entries that get their numbers together: what saw another comes after it.
  const id = `${tx.clock.tick()}.${randomText(tx.clock, 6)}`
  await tx.run(sql`insert into feed_entry (region_id, id, sequence, kind, registry_id, body, created_at)
    values (${region}, ${id}, 0, ${kind}, ${registryId}, ${text}, ${tx.clock.now()})`)
}
