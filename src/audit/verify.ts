import { type Clock, type ReadTx, type Store, sql } from '../kernel/index.ts'
import { type AuditHead, headsBetween, headText, lastHead, START } from './head.ts'
import type { AuditKeys } from './keys.ts'
import { type AuditRow, isAsRecorded, sealedText } from './row.ts'
import { chainHash } from './seal.ts'

/** What one knows of a chain from elsewhere, as an export that was kept: it had this hash at this place. */
export type AuditAnchor = { readonly sequence: number; readonly hash: string }

export type AuditProblem = {
  readonly kind: 'altered' | 'missing' | 'added' | 'head' | 'anchor'
  /** Where in the chain. */
  readonly sequence: number
  readonly says: string
}

export type AuditCheck = {
  readonly region: string
  /** Records that were looked at now. */
  readonly checked: number
  /** The last signed head; none before the first record is sealed. */
  readonly head: AuditHead | undefined
  /** Recorded and not covered by a head yet: nothing can be said of these. */
  readonly unsealed: number
  readonly problems: readonly AuditProblem[]
  /** Where to go on, where the limit came before the head. */
  readonly next: AuditAnchor | undefined
}

type Asked = {
  store: Store
  clock: Clock
  keys: AuditKeys
  tenantId: string
  region: string
  /** From a check before this one: nothing up to here is looked at again. */
  after?: AuditAnchor | undefined
  /** Most records; all where left out. */
  limit?: number
  anchors?: readonly AuditAnchor[]
}

const PAGE = 500
/** One that went wrong tells as much as ten thousand. */
const MOST_PROBLEMS = 100

/** Finds any record before the last signed head that was altered, removed, added or put elsewhere. */
export async function verifyAudit(asked: Asked): Promise<AuditCheck> {
  const { store, tenantId, region, after = START, limit = Number.POSITIVE_INFINITY, anchors = [] } = asked
  const { head, last, unsealed } = await store.snapshot(db => ends(db, tenantId, region))
  const walk = new Walk(asked, after)
  const upTo = head?.sequence ?? 0
  if (last > upTo) walk.problem('added', upTo + 1, `Records up to ${last} are sealed, and no head vouches for them`)
  const heads = await headsBetween(store.read, { tenantId, region, after: after.sequence, upTo })
  // A newer one may have replaced it since.
  if (head) heads.push(head)
  await walk.over(heads, anchors, Math.min(upTo, after.sequence + limit))
  const done = walk.sequence >= upTo
  if (done) walk.finish(anchors)
  const { checked, problems, sequence, hash } = walk
  return { region, checked, head, unsealed, problems, next: done ? undefined : { sequence, hash } }
}

async function ends(db: ReadTx, tenantId: string, region: string) {
  const head = await lastHead(db, tenantId, region)
  const last = await db.one<{ sequence: number }>(sql`select sequence from audit_entry
    where tenant_id = ${tenantId} and region_id = ${region} and sequence <> 0 order by sequence desc limit 1`)
  const open = await db.one<{ count: number }>(sql`select count(*) as count from audit_entry
    where region_id = ${region} and tenant_id = ${tenantId} and sequence = 0`)
  return { head, last: last?.sequence ?? 0, unsealed: open?.count ?? 0 }
}

/** Goes along a chain and keeps what it found. After a problem it goes on from what is there, so that each is told once. */
class Walk {
  readonly #asked: Asked
  sequence: number
  hash: string
  checked = 0
  readonly problems: AuditProblem[] = []

  constructor(asked: Asked, { sequence, hash }: AuditAnchor) {
    this.#asked = asked
    this.sequence = sequence
    this.hash = hash
  }

  problem(kind: AuditProblem['kind'], sequence: number, says: string): void {
    if (this.problems.length < MOST_PROBLEMS) this.problems.push({ kind, sequence, says })
  }

  async over(heads: readonly AuditHead[], anchors: readonly AuditAnchor[], upTo: number): Promise<void> {
    const { store, clock, tenantId, region } = this.#asked
    const vouched = new Map(heads.map(head => [head.sequence, head]))
    const known = Map.groupBy(anchors, anchor => anchor.sequence)
    // Below the first number too: nothing of ours is there.
    let from = this.sequence === 0 ? Number.MIN_SAFE_INTEGER : this.sequence
    while (from < upTo) {
      const rows = await store.read.all<AuditRow>(sql`select * from audit_entry where tenant_id = ${tenantId}
        and region_id = ${region} and sequence > ${from} and sequence <= ${upTo} and sequence <> 0
        order by sequence limit ${PAGE}`)
      for (const row of rows) this.#step(row, vouched.get(row.sequence), known.get(row.sequence) ?? [])
      const last = rows.at(-1)
      if (last === undefined || rows.length < PAGE) break
      from = last.sequence
      // SQLite answers at once: without this nothing else would run until the end.
      await clock.sleep(0)
    }
    if (this.sequence < upTo) {
      this.problem('missing', this.sequence + 1, `Records ${this.sequence + 1} to ${upTo} are missing`)
      this.sequence = upTo
      this.hash = vouched.get(upTo)?.hash ?? ''
    }
  }

  #step(row: AuditRow, head: AuditHead | undefined, anchors: readonly AuditAnchor[]): void {
    this.checked++
    const { sequence, hash } = row
    if (sequence < 1) {
      this.problem('added', sequence, `A record stands at ${sequence}, before the first`)
      return
    }
    const gap = sequence - this.sequence - 1
    if (gap > 0) {
      this.problem('missing', this.sequence + 1, `${gap} records are missing before ${sequence}`)
    } else if (!isAsRecorded(row) || chainHash(this.hash, sealedText(row, sequence)) !== hash) {
      this.problem('altered', sequence, `Record ${sequence} (${row.id}), or the one before it, is not what was sealed`)
    }
    this.sequence = sequence
    this.hash = hash
    if (head) this.#head(head)
    for (const anchor of anchors) this.#anchor(anchor)
  }

  #head(head: AuditHead): void {
    const { keys } = this.#asked
    const { sequence, keyId } = head
    if (head.hash !== this.hash) this.problem('head', sequence, `Record ${sequence} is not the one that was signed`)
    if (keys.verify(keyId, headText(head), head.signature)) return
    const why = keys.has(keyId) ? 'has a wrong signature' : `is signed by ${keyId}, no key of this platform`
    this.problem('head', sequence, `The head at ${sequence} ${why}`)
  }

  #anchor({ sequence, hash }: AuditAnchor): void {
    if (hash === this.hash) return
    this.problem('anchor', sequence, `Record ${sequence} is another one than was known elsewhere`)
  }

  /** At the end of the chain: what was known elsewhere must lie before it. */
  finish(anchors: readonly AuditAnchor[]): void {
    for (const { sequence } of anchors) {
      if (sequence <= this.sequence) continue
      this.problem('anchor', sequence, `Record ${sequence} was known elsewhere; the chain ends at ${this.sequence}`)
    }
  }
}
