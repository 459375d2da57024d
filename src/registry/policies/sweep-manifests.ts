import { type Ms, sql } from '../../kernel/index.ts'
import type { Digest } from '../../oci/index.ts'
import { lockAgainst } from '../locks/locks.ts'
import { type Age, type Cutoff, isOldEnough } from './cutoff.ts'
import type { Sweeping } from './sweep.ts'

/** `untagged`: long enough. `last-tag`: its last tag went. `index`, `subject`: what alone held it went. */
export type Goes = 'untagged' | 'last-tag' | 'index' | 'subject'

const PAGE = 200
/** What one manifest may list, or be the subject of, to be looked at with it; the rest waits for its own time. */
const MOST = 1000

/** What nothing keeps, the longest first, with what goes with it. Costs what nothing keeps, however much is kept. */
export async function sweepManifests(sweeping: Sweeping, cutoff: Cutoff): Promise<void> {
  let last: Unkept = { untagged_at: 0, digest: '' }
  for (let left = true; left; ) {
    const page = await pageOf(sweeping, cutoff, last)
    for (const { digest } of page) {
      if (sweeping.hands.stopped()) return
      await takeManifest(sweeping, { digest, cutoff, why: 'untagged' })
    }
    left = page.length === PAGE
    last = page.at(-1) ?? last
  }
}

type Unkept = { untagged_at: Ms; digest: string }
type Next = { digest: string; cutoff: Cutoff | undefined; why: Goes }

/** Where nothing keeps it and it is old enough; then what it alone held: referrers of any age, for they are of it. */
export async function takeManifest(sweeping: Sweeping, first: Next & { cutoff: Cutoff }): Promise<void> {
  const { gone } = sweeping.hands
  const next: Next[] = [first]
  for (let one = next.shift(); one; one = next.shift()) {
    const { digest } = one
    if (gone.manifests.has(digest)) continue
    const age = await ageOf(sweeping, digest)
    if (!age || !isOldEnough(age, one.cutoff) || (await isKept(sweeping, digest))) continue
    // Read before it goes: its rows go with it.
    const held = await heldBy(sweeping, digest)
    if (!(await take(sweeping, one, age))) continue
    next.push(...held.listed.map(digest => ({ digest, cutoff: first.cutoff, why: 'index' as const })))
    next.push(...held.referrers.map(digest => ({ digest, cutoff: undefined, why: 'subject' as const })))
  }
}

async function take(sweeping: Sweeping, { digest, cutoff, why }: Next, age: Age): Promise<boolean> {
  const { db, repo, immutable, hands } = sweeping
  const item = { ...repo, kind: 'manifest', name: digest, digest, pushedAt: age.updated_at } as const
  const change = { kind: 'manifest-deleted', ...repo, digest: digest as Digest, keepFor: 0, immutable } as const
  const lock = await lockAgainst(db, change)
  if (lock) {
    hands.keep({ ...item, goes: false, why: 'policy' in lock ? 'immutable' : 'locked' })
    return false
  }
  return hands.take({ ...item, goes: true, why }, { kind: 'manifest', cutoff })
}

async function ageOf({ db, repo }: Sweeping, digest: string): Promise<Age | undefined> {
  return db.one<Age>(sql`select untagged_at, updated_at from manifest_detail
    where registry_id = ${repo.registryId} and repository = ${repo.repository} and digest = ${digest}`)
}

/** Whether a tag, an index that lists it, or its subject stays. One that has more of them than are looked at is kept. */
async function isKept({ db, repo, hands }: Sweeping, digest: string): Promise<boolean> {
  const { registryId, repository } = repo
  const { gone } = hands
  const tags = await db.all<{ name: string }>(sql`select name from tag where registry_id = ${registryId}
    and repository = ${repository} and digest = ${digest} limit ${MOST + 1}`)
  if (tags.length > MOST || tags.some(tag => !gone.tags.has(tag.name))) return true
  const holders = await db.all<{ digest: string }>(sql`select digest from manifest_reference
    where registry_id = ${registryId} and repository = ${repository} and target = ${digest} limit ${MOST + 1}`)
  if (holders.length > MOST || holders.some(holder => !gone.manifests.has(holder.digest))) return true
  const subject = await db.one<{ digest: string }>(sql`select s.digest from manifest m join manifest s
      on s.registry_id = m.registry_id and s.repository = m.repository and s.digest = m.subject
    where m.registry_id = ${registryId} and m.repository = ${repository} and m.digest = ${digest}`)
  return subject !== undefined && !gone.manifests.has(subject.digest)
}

async function heldBy({ db, repo }: Sweeping, digest: string): Promise<{ listed: string[]; referrers: string[] }> {
  const { registryId, repository } = repo
  const listed = await db.all<{ digest: string }>(sql`select d.digest from manifest_reference r join manifest_detail d
      on d.registry_id = r.registry_id and d.repository = r.repository and d.digest = r.target
    where r.registry_id = ${registryId} and r.repository = ${repository} and r.digest = ${digest}
    order by d.digest limit ${MOST}`)
  const referrers = await db.all<{ digest: string }>(sql`select digest from referrer where registry_id = ${registryId}
    and repository = ${repository} and subject = ${digest} order by digest limit ${MOST}`)
  return { listed: listed.map(row => row.digest), referrers: referrers.map(row => row.digest) }
}

function pageOf({ db, repo }: Sweeping, { by, before }: Cutoff, last: Unkept) {
  const { registryId, repository } = repo
  return db.all<Unkept>(
    by === 'untagged'
      ? sql`select untagged_at, digest from manifest_detail where registry_id = ${registryId}
          and repository = ${repository} and untagged_at > 0 and held = 0 and untagged_at <= ${before}
          and (untagged_at, digest) > (${last.untagged_at}, ${last.digest})
          order by untagged_at, digest limit ${PAGE}`
      : sql`select untagged_at, digest from manifest_detail where registry_id = ${registryId}
          and repository = ${repository} and untagged_at > 0 and held = 0 and updated_at <= ${before}
          and (untagged_at, digest) > (${last.untagged_at}, ${last.digest})
          order by untagged_at, digest limit ${PAGE}`,
  )
}
