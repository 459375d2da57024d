import type { InfiniteData } from '@tanstack/react-query'
import type { AuditRecord, AuditRecordList } from '../../../src/api/index.ts'

export type Held = InfiniteData<AuditRecordList, string>

/** More than somebody reads by scrolling; a page with all of them still answers at once. */
export const MOST_SHOWN = 1000
/** The API gives no more at once. With the page that is asked for beside it. */
const FARTHEST = 450

export function shownOf(pages: readonly AuditRecordList[]): AuditRecord[] {
  return pages.flatMap(({ records }) => records)
}

/** How many from the top may have been sealed since they were read. */
export function reachOf(held: Held | undefined): number {
  const last = shownOf(held?.pages ?? []).findLastIndex(({ sequence }) => sequence === 0)
  return Math.min(FARTHEST, last + 1)
}

/** `page`: the newest now. Where it does not meet what is held, something lies between them: then it starts anew. */
export function withNewer(held: Held, page: AuditRecordList): Held {
  const before = shownOf(held.pages)
  const now = new Map(page.records.map(record => [record.id, record]))
  const kept = before.filter(({ id }) => !now.has(id))
  const meets = kept.length < before.length
  if (!meets || page.next === undefined) return { pages: [page], pageParams: [''] }
  // Ids sort by time. One that was written a moment late may belong below others.
  const all = [...page.records, ...kept].sort((a, b) => (a.id < b.id ? 1 : -1))
  const records = all.slice(0, MOST_SHOWN)
  const next = records.length < all.length ? records.at(-1)?.id : held.pages.at(-1)?.next
  return { pages: [{ records, ...(next === undefined ? {} : { next }) }], pageParams: [''] }
}
