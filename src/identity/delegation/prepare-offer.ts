import { createHash } from 'node:crypto'
import type { ReadTx } from '../../kernel/index.ts'
import { checkCondition } from '../decide/condition.ts'
import { readPrincipal } from '../principals/principals.ts'
import { NodeUnknown, TenantUnknown } from '../tree/failures.ts'
import { nodeScope, type ResourceNode } from '../tree/node.ts'
import { readNode, readNodes } from '../tree/nodes.ts'
import { parseScope, scopeText } from '../tree/scope.ts'
import { readTenant } from '../tree/tenants.ts'
import { ManagesItself, ManagingTenantElsewhere, ScopeUnclear } from './failures.ts'
import type { OfferTerms } from './offer.ts'
import { readOfferDocument } from './offer-document.ts'
import { withNames } from './offers.ts'
import { review } from './review.ts'
import { checkTerms } from './rules.ts'
import type { Given } from './template/template.ts'

export type OfferUpload = {
  /** An ARM template or YAML. */
  readonly document: string
  readonly parameters?: Given
  /** Where ids in it are those of another directory: what they are here. */
  readonly map?: Readonly<Record<string, string>>
  /** Instead of the place that the offer names. */
  readonly scope?: string
  /** What everything granted by it shall need besides: a Cedar expression of the customer's. */
  readonly condition?: string
}

export type Prepared = {
  readonly terms: OfferTerms
  /** Of the customer's tree. */
  readonly scope: string
  readonly condition: string
  readonly managingTenant: { readonly id: string; readonly name: string }
  readonly sentences: readonly string[]
  /** Of all that would be accepted: who accepts says which review it was. */
  readonly digest: string
}

/** All that can be known before a customer accepts; `accept` takes what comes out. */
export async function prepareOffer(db: ReadTx, tenantId: string, upload: OfferUpload): Promise<Prepared> {
  const customer = await readTenant(db, tenantId)
  if (!customer) throw TenantUnknown(tenantId)
  const { condition = '' } = upload
  await checkCondition(condition)
  const mapped = mapIds(checkTerms(readOfferDocument(upload.document, upload.parameters)), upload.map ?? {})
  if (mapped.managingTenantId === tenantId) throw ManagesItself()
  const managing = await readTenant(db, mapped.managingTenantId)
  if (!managing) throw ManagingTenantElsewhere(mapped.managingTenantId)
  const node = await placeOf(db, tenantId, mapped, upload.scope)
  const terms = { ...(await withNames(db, mapped)), scope: scopeAt(node) }
  const kinds = new Map<string, string>()
  for (const { principalId } of terms.authorizations) {
    kinds.set(principalId, (await readPrincipal(db, managing.id, principalId))?.kind ?? '')
  }
  const nameById = new Map(terms.authorizations.map(one => [one.principalId, one.principalName]))
  const sentences = review(terms, {
    condition,
    managingTenant: managing.name,
    customerTenant: customer.name,
    principal: id => ({ name: nameById.get(id) ?? id, kind: kinds.get(id) ?? '' }),
  })
  const { id, name } = managing
  const scope = scopeText(nodeScope(node))
  const digest = createHash('sha256')
    .update(JSON.stringify([tenantId, scope, condition, terms, sentences]))
    .digest('base64url')
  return { terms, scope, condition, managingTenant: { id, name }, sentences, digest }
}

function mapIds(terms: OfferTerms, map: Readonly<Record<string, string>>): OfferTerms {
  const here = (id: string) => (Object.hasOwn(map, id) ? (map[id] ?? id) : id)
  return {
    ...terms,
    managingTenantId: here(terms.managingTenantId),
    authorizations: terms.authorizations.map(one => ({ ...one, principalId: here(one.principalId) })),
  }
}

async function placeOf(
  db: ReadTx,
  tenantId: string,
  { scope }: OfferTerms,
  given: string | undefined,
): Promise<ResourceNode> {
  if (given !== undefined) {
    const place = parseScope(given)
    const node = place.tenantId === tenantId ? await readNode(db, tenantId, place.nodeId) : undefined
    if (!node || scopeText(nodeScope(node)) !== given) throw NodeUnknown(given)
    return node
  }
  const nodes = await readNodes(db, tenantId)
  const wanted = scope.kind === 'tenant' ? '' : scope.name
  const found = nodes.filter(node => {
    if (scope.kind === 'tenant') return node.kind === 'tenant'
    return nodeScope(node).kind === scope.kind && node.name === wanted
  })
  const [only] = found
  if (!only || found.length > 1) throw ScopeUnclear(`a ${scope.kind} "${wanted}"`, found.length)
  return only
}

function scopeAt(node: ResourceNode): OfferTerms['scope'] {
  if (node.kind === 'tenant') return { kind: 'tenant' }
  return { kind: node.kind === 'group' ? 'group' : 'resource', name: node.name }
}
