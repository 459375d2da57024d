import { type AuditCheck, type AuditHead, type AuditKeys, isSigned, readAnchors } from '../audit/index.ts'
import type { Config, ReadTx } from '../kernel/index.ts'
import { CONTROL_REGION } from './audit.ts'
import { anchorsAtRegion } from './region-audit-reader.ts'

/** Where a chain's heads are kept: up to which record, or why that could not be asked. */
export type AnchorPlace = { readonly at: string; readonly upTo?: number; readonly why?: string }

export type KeptAnchors = {
  readonly places: readonly AnchorPlace[]
  readonly anchors: readonly AuditHead[]
  /** Anchors that no key of ours signed: somebody wrote them there. */
  readonly problems: AuditCheck['problems']
}

type Parts = { config: Config; db: ReadTx; keys: AuditKeys }
type Found = { at: string; heads: readonly AuditHead[]; why?: string }

/** What the other databases know of a chain: the regions of control's, control of a region's. */
export async function keptAnchors({ config, db, keys }: Parts, tenantId: string, region: string): Promise<KeptAnchors> {
  const ofRegion = (at: string): Promise<Found> =>
    anchorsAtRegion(config, at, tenantId).then(
      heads => ({ at, heads }),
      error => ({ at, heads: [], why: error instanceof Error ? error.message : String(error) }),
    )
  const found: Found[] =
    region === CONTROL_REGION
      ? await Promise.all(config.regions.map(({ name }) => ofRegion(name)))
      : [{ at: CONTROL_REGION, heads: await readAnchors(db, tenantId, region) }]
  const places = found.map(({ at, heads, why }) =>
    why === undefined ? { at, upTo: Math.max(0, ...heads.map(head => head.sequence)) } : { at, why },
  )
  const all = found.flatMap(({ at, heads }) => heads.map(head => ({ at, head })))
  const right = ({ head }: { head: AuditHead }) =>
    head.tenantId === tenantId && head.region === region && isSigned(keys, head)
  return {
    places,
    anchors: all.filter(right).map(({ head }) => head),
    problems: all
      .filter(one => !right(one))
      .map(({ at, head: { sequence } }) => ({
        ...{ kind: 'anchor' as const, sequence },
        says: `The head at ${sequence} that "${at}" keeps is not signed by a key of this platform`,
      })),
  }
}
