import type { AuditFrom } from '../../audit/index.ts'
import { type ReadTx, sql, write } from '../../kernel/index.ts'
import { readPrincipal } from '../principals/principals.ts'
import { changed } from '../tree/change.ts'
import { OfferNameTaken, OfferUnknown, PrincipalElsewhere } from './failures.ts'
import { type OfferTerms, offerTerms } from './offer.ts'
import { checkTerms } from './rules.ts'

/** What a managing tenant offers; nothing is granted by it until a customer accepts its document. */
export type Offer = {
  /** `ofr_…`. */
  readonly id: string
  readonly terms: OfferTerms
  /** UTC milliseconds. */
  readonly createdAt: number
}

type OfferRow = { id: string; terms: string; created_at: number }
type NewOffer = { id: string; terms: OfferTerms; from: AuditFrom }

const createOffer = write('delegation.create-offer', async (tx, { id, terms, from }: NewOffer): Promise<Offer> => {
  const held = await readOffer(tx, terms.managingTenantId, id)
  // The same id again: the answer to the first attempt was lost.
  if (held) return held
  if (await findOffer(tx, terms.managingTenantId, terms.name)) throw OfferNameTaken(terms.name)
  const named = await withNames(tx, checkTerms(terms))
  const createdAt = tx.clock.now()
  await tx.run(sql`insert into delegation_offer (tenant_id, id, name, terms, created_at)
    values (${terms.managingTenantId}, ${id}, ${terms.name}, ${JSON.stringify(named)}, ${createdAt})`)
  await changed(tx, from, { action: 'delegation/write', resource: id, detail: { offer: terms.name } })
  return { id, terms: named, createdAt }
})

const deleteOffer = write(
  'delegation.delete-offer',
  async (tx, { tenantId, id, from }: { tenantId: string; id: string; from: AuditFrom }): Promise<null> => {
    const held = await readOffer(tx, tenantId, id)
    if (!held) throw OfferUnknown(id)
    await tx.run(sql`delete from delegation_offer where tenant_id = ${tenantId} and id = ${id}`)
    await changed(tx, from, { action: 'delegation/delete', resource: id, detail: { offer: held.terms.name } })
    return null
  },
)

/** Deleting an offer leaves what customers accepted as it is. */
export const offers = { create: createOffer, delete: deleteOffer } as const

/** By name. */
export async function readOffers(db: ReadTx, tenantId: string): Promise<Offer[]> {
  const rows = await db.all<OfferRow>(sql`select id, terms, created_at from delegation_offer
    where tenant_id = ${tenantId} order by name`)
  return rows.map(toOffer)
}

/** By id. */
export async function readOffer(db: ReadTx, tenantId: string, id: string): Promise<Offer | undefined> {
  const row = await db.one<OfferRow>(sql`select id, terms, created_at from delegation_offer
    where tenant_id = ${tenantId} and id = ${id}`)
  return row && toOffer(row)
}

/** By name. */
export async function findOffer(db: ReadTx, tenantId: string, name: string): Promise<Offer | undefined> {
  const row = await db.one<OfferRow>(sql`select id, terms, created_at from delegation_offer
    where tenant_id = ${tenantId} and name = ${name}`)
  return row && toOffer(row)
}

/** Each principal under the name that it has in the managing tenant; throws where one is not there. */
export async function withNames(db: ReadTx, terms: OfferTerms): Promise<OfferTerms> {
  const authorizations = []
  for (const one of terms.authorizations) {
    const principal = await readPrincipal(db, terms.managingTenantId, one.principalId)
    if (!principal) throw PrincipalElsewhere(one.principalName || one.principalId, one.principalId)
    authorizations.push({ ...one, principalName: principal.name })
  }
  return { ...terms, authorizations }
}

export function parseTerms(text: string): OfferTerms {
  return offerTerms.parse(JSON.parse(text))
}

function toOffer({ id, terms, created_at }: OfferRow): Offer {
  return { id, terms: parseTerms(terms), createdAt: created_at }
}
