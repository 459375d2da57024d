import type { Store } from '../kernel/index.ts'
import { keepAnchor, newestAnchor } from './anchor-rows.ts'
import { AuditChainForked, AuditHeadUnsigned } from './failures.ts'
import { type AuditHead, type HeadPage, isSigned } from './head.ts'
import type { AuditKeys } from './keys.ts'
import type { AuditAnchor } from './verify.ts'

/** A place in a tenant's chain. */
export type ChainPlace = { readonly tenantId: string; readonly sequence: number }

/** The database whose chains are anchored here. */
export type AnchorSource = {
  /** The last heads of tenants after this one. */
  heads(after: string): Promise<HeadPage>
  /** Which hash it has at each place; '' where it has none. */
  hashes(places: readonly ChainPlace[]): Promise<readonly string[]>
}

type Parts = {
  store: Store
  keys: AuditKeys
  source: AnchorSource
  /** Whose chains they are. */
  region: string
  /** Told of a chain that is not what it was, and goes on with the next. */
  onError: (error: unknown) => void
}

/**
 * Keeps the last head of every chain of another database. One head a chain is enough: it vouches for all before it.
 * Before a new one takes the place of the one that is kept the chain must still have that, or both stay.
 */
export async function pullAnchors(parts: Parts): Promise<void> {
  for (let after = ''; ; ) {
    const { heads, next } = await parts.source.heads(after)
    await keepAll(parts, heads)
    if (next === undefined || next <= after) return
    after = next
  }
}

async function keepAll({ store, keys, source, region, onError }: Parts, heads: readonly AuditHead[]): Promise<void> {
  const changed: { head: AuditHead; newest: AuditAnchor | undefined }[] = []
  for (const head of heads) {
    if (head.region !== region || !isSigned(keys, head)) {
      onError(AuditHeadUnsigned(head.tenantId, region, head.keyId))
      continue
    }
    const newest = await newestAnchor(store.read, head.tenantId, region)
    if (newest?.sequence !== head.sequence || newest.hash !== head.hash) changed.push({ head, newest })
  }
  const known = changed.flatMap(({ newest, head: { tenantId } }) => (newest ? [{ ...newest, tenantId }] : []))
  const hashes = known.length === 0 ? [] : await source.hashes(known)
  const still = new Set(known.filter(({ hash }, i) => hashes[i] === hash).map(({ tenantId }) => tenantId))
  for (const { head, newest } of changed) {
    const continues = newest === undefined || still.has(head.tenantId)
    if (!continues) onError(AuditChainForked(head.tenantId, region, newest.sequence))
    await store.write(keepAnchor, { head, newest, continues })
  }
}
