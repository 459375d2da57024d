import { LRUCache } from 'lru-cache'
import { addressKind, type Clock, type Store } from '../../kernel/index.ts'
import type { PrincipalRef } from '../principals/principal.ts'
import type { Action, PlatformAction } from '../roles/actions.ts'
import { nodeScope } from '../tree/node.ts'
import { chainOf } from '../tree/nodes.ts'
import { type Scope, scopeText } from '../tree/scope.ts'
import { type CedarCall, type Engine, loadCedar } from './cedar.ts'
import type { Decision } from './decision.ts'
import { type CallerFacts, type Chain, readCaller, readGrants, readVersions, type Versions } from './facts.ts'
import { DEFAULT_DENY, PLATFORM_POLICIES } from './policies.ts'
import { nodeUid, principalUid, sliceOf } from './slice.ts'

export type Asked = {
  readonly caller: PrincipalRef
  /** Where the caller is: conditions may look at it. */
  readonly address?: string | undefined
} & (
  | { readonly action: Action; readonly scope: Scope }
  | { readonly action: PlatformAction; readonly scope: 'platform' }
)

/** Default deny, forbid wins. Sees every change that was acknowledged before it was asked. */
export type Decide = (asked: Asked) => Promise<Decision>

// Names that Cedar holds policies under; it can't forget one, only replace it.
const SLICES = 512
const FACTS = 5000
const PLATFORM = 'platform'

type Held = { readonly name: string; readonly unreadable: readonly string[] }

/**
 * Decides by Cedar over rows of the control database. What was read is kept under the versions of the tenants that
 * it was read from, and those are read each time: one indexed statement, so that a change counts at the next request.
 */
export function createDecide({ store, clock }: { store: Store; clock: Clock }): Decide {
  const db = store.read
  const free = Array.from({ length: SLICES + 1 }, (_, i) => `slice-${i}`)
  const slices = new LRUCache<string, Held>({ max: SLICES, dispose: ({ name }) => free.push(name) })
  const callers = new LRUCache<string, CallerFacts>({ max: FACTS })
  const chains = new LRUCache<string, Chain>({ max: FACTS })

  async function callerOf(ref: PrincipalRef, versions: Versions): Promise<CallerFacts> {
    const key = `${ref.tenantId}@${versions.get(ref.tenantId) ?? 0}/${ref.id}`
    const held = callers.get(key) ?? (await readCaller(db, ref))
    callers.set(key, held)
    return held
  }

  async function chainTo(scope: Scope, versions: Versions): Promise<Chain> {
    const key = `${scope.tenantId}@${versions.get(scope.tenantId) ?? 0}/${scope.nodeId}`
    const held = chains.get(key) ?? (await chainOf(db, scope.tenantId, scope.nodeId))
    chains.set(key, held)
    return held
  }

  /** Nothing is awaited after the slice is in place: another one can't take its name before it is asked. */
  async function withSlice<T>(
    key: string,
    read: (engine: Engine) => Promise<ReturnType<typeof sliceOf>>,
    ask: (engine: Engine, held: Held) => T,
  ): Promise<T> {
    const engine = await loadCedar()
    const known = slices.get(key)
    if (known) return ask(engine, known)
    const { set, unreadable } = await read(engine)
    const name = free.pop()
    if (name === undefined) throw new Error('More policy sets are in use than there are names')
    engine.prepare(name, set)
    const held = { name, unreadable }
    slices.set(key, held)
    return ask(engine, held)
  }

  function contextOf(address: string | undefined): CedarCall['context'] {
    const now = clock.now()
    const plain = address?.replace(/^::ffff:(?=[0-9.]+$)/, '').replace(/%.*$/, '')
    return plain && addressKind(plain) !== undefined ? { now, address: { __extn: { fn: 'ip', arg: plain } } } : { now }
  }

  return async ({ caller: ref, action, scope, address }) => {
    const tenantIds = scope === PLATFORM ? [ref.tenantId] : [ref.tenantId, scope.tenantId]
    const versions = await readVersions(db, tenantIds)
    const caller = await callerOf(ref, versions)
    const chain = scope === PLATFORM ? [] : await chainTo(scope, versions)
    const [node] = chain
    if (scope !== PLATFORM && (!node || nodeScope(node).kind !== scope.kind)) {
      return { allowed: false, policies: [DEFAULT_DENY], reason: `There is no ${scopeText(scope)}` }
    }
    const call: CedarCall = {
      principal: principalUid(ref.tenantId, ref.id),
      action: { type: 'Towpath::Action', id: action },
      resource: node ? nodeUid(node.tenantId, node.id) : { type: 'Towpath::Platform', id: PLATFORM },
      context: contextOf(address),
      entities: entitiesOf(ref, caller, chain),
    }
    const where = scope === PLATFORM ? '' : `${scope.tenantId}@${versions.get(scope.tenantId)}`
    const key = `${where} ${ref.tenantId}@${versions.get(ref.tenantId)}/${ref.id}`
    return withSlice(
      key,
      async engine =>
        scope === PLATFORM
          ? { set: { staticPolicies: { ...PLATFORM_POLICIES } }, unreadable: [] }
          : sliceOf(await readGrants(db, scope.tenantId, caller), engine),
      (engine, { name, unreadable }) => {
        const { allowed, policies, errors } = engine.ask(name, call)
        const who = caller.name || ref.id
        const what = `${action} on ${scope === PLATFORM ? 'the platform' : scopeText(scope)}`
        if (policies.length > 0) {
          return { allowed, policies, reason: `${policies.join(', ')} ${allowed ? 'allows' : 'forbids'} it` }
        }
        const broken = [...unreadable, ...errors]
        const but = broken.length === 0 ? '' : `; ${broken.join(', ')} could not be evaluated`
        return { allowed, policies: [DEFAULT_DENY], reason: `No role of ${who} allows ${what}${but}` }
      },
    )
  }
}

/** Only what can matter: the caller, the groups that it is in, and the way from the resource up to its tenant. */
function entitiesOf(ref: PrincipalRef, caller: CallerFacts, chain: Chain): CedarCall['entities'] {
  const { kind, name, enabled, platformAdministrator } = caller
  const groups = caller.ids.filter(id => id !== ref.id).map(id => principalUid(ref.tenantId, id))
  const group = { kind: 'group', name: '', enabled: true, platformAdministrator: false }
  return [
    {
      uid: principalUid(ref.tenantId, ref.id),
      attrs: { kind, name, enabled, platformAdministrator },
      parents: groups,
    },
    ...groups.map(uid => ({ uid, attrs: group, parents: [] })),
    ...chain.map(node => ({
      uid: nodeUid(node.tenantId, node.id),
      attrs: { kind: node.kind, name: node.name },
      parents: node.parentId === '' ? [] : [nodeUid(node.tenantId, node.parentId)],
    })),
  ]
}
