import { type Ms, sql } from '../../kernel/index.ts'
import { lockAgainst } from '../locks/locks.ts'
import type { Cutoff } from './cutoff.ts'
import type { Stays, Sweeping } from './sweep.ts'
import { takeManifest } from './sweep-manifests.ts'
import { createTagJudge, type TagRule } from './tag-rule.ts'

const PAGE = 500

type TagRow = { name: string; digest: string; updated_at: Ms; hlc: string; pulled_at: Ms; whole_pulled_at: Ms }

/** From the newest on. Manifests that lose their last tag go with it where `follow` says so. */
export async function sweepTags(sweeping: Sweeping, rule: TagRule, follow: Cutoff | undefined): Promise<void> {
  const { repo, hands } = sweeping
  const judge = createTagJudge(rule)
  const pulledSince = rule.pulledSince === 'unknown' ? undefined : rule.pulledSince
  let last = { updated_at: Number.MAX_SAFE_INTEGER, name: '' }
  for (let left = true; left; ) {
    const page = await pageOf(sweeping, last)
    for (const row of page) {
      if (hands.stopped()) return
      if (!rule.looksAt(row.name)) continue
      const { name, digest, updated_at: pushedAt, hlc } = row
      const item = { ...repo, kind: 'tag', name, digest, pushedAt } as const
      const stays = await whatKeeps(sweeping, row, judge)
      if (stays) hands.keep({ ...item, goes: false, why: stays })
      else if (await hands.take({ ...item, goes: true, why: 'unmatched' }, { kind: 'tag', hlc, pulledSince })) {
        // At once: who stops in between would leave a manifest that no rule of tags finds again.
        if (follow) await takeManifest(sweeping, { digest, cutoff: follow, why: 'last-tag' })
      }
    }
    left = page.length === PAGE
    last = page.at(-1) ?? last
  }
}

async function whatKeeps(
  sweeping: Sweeping,
  row: TagRow,
  judge: ReturnType<typeof createTagJudge>,
): Promise<Stays | undefined> {
  if (await isOfKept(sweeping, row.name)) return 'of-kept'
  const { name, updated_at: pushedAt, pulled_at, whole_pulled_at } = row
  const kept = judge.keeps({ name, pushedAt, pulledAt: Math.max(pulled_at, whole_pulled_at) })
  return kept ?? (await lockOn(sweeping, name)) ?? judge.keepsOfRest()
}

async function lockOn({ db, repo, immutable }: Sweeping, tag: string): Promise<'locked' | 'immutable' | undefined> {
  const lock = await lockAgainst(db, { kind: 'tag-deleted', ...repo, tag, immutable })
  if (!lock) return undefined
  return 'policy' in lock ? 'immutable' : 'locked'
}

// As cosign names signatures, attestations and SBOMs, and the OCI fallback lists of referrers.
const OF_ANOTHER = /^(sha256|sha512)-([0-9a-f]{64}|[0-9a-f]{128})(?:\.[a-z]+)?$/

/** A signature that is a tag goes by no rule while the manifest that it is of is here. */
async function isOfKept({ db, repo, hands }: Sweeping, tag: string): Promise<boolean> {
  const [, algorithm, hex] = OF_ANOTHER.exec(tag) ?? []
  if (algorithm === undefined) return false
  const digest = `${algorithm}:${hex}`
  if (hands.gone.manifests.has(digest)) return false
  const { registryId, repository } = repo
  const held = await db.one(sql`select digest from manifest_detail where registry_id = ${registryId}
    and repository = ${repository} and digest = ${digest}`)
  return held !== undefined
}

function pageOf({ db, repo }: Sweeping, { updated_at, name }: { updated_at: Ms; name: string }) {
  const { registryId, repository } = repo
  return db.all<TagRow>(sql`select t.name, t.digest, t.updated_at, t.hlc, t.pulled_at,
      d.pulled_at as whole_pulled_at
    from tag t join manifest_detail d
      on d.registry_id = t.registry_id and d.repository = t.repository and d.digest = t.digest
    where t.registry_id = ${registryId} and t.repository = ${repository}
      and (t.updated_at, t.name) < (${updated_at}, ${name})
    order by t.updated_at desc, t.name desc limit ${PAGE}`)
}
