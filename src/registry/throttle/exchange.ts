import { type AnyWrite, type Ms, type ReadTx, sql, type Tx, write } from '../../kernel/index.ts'
import type { OperationClass } from './limits.ts'
import type { BucketAt, Tokens } from './throttle.ts'

/** `tokens`: what `node` wants of that bucket, or is to have of it. */
export type Wanted = Tokens & { readonly node: string }

const MAX_ASKS = 1000
// Three beats: a node that is silent for so long has no part any more.
export const SILENT_MS: Ms = 15_000
const THOUSAND = 1000

type Row = { registryId: string; class: OperationClass; identity: string; node: string; amount: number }

/** What a node sees of the others: how many there are, what they ask for, and whether something waits for it. */
export async function readOthers(db: ReadTx, node: string, now: Ms) {
  const since = now - SILENT_MS
  const others = await db.all<{ node: string }>(sql`select node from throttle_node
    where node <> ${node} and seen_at > ${since}`)
  const asks = await db.all<Row>(sql`select a.registry_id as "registryId", a.class, a.identity, a.node, a.amount
    from throttle_ask a join throttle_node n on n.node = a.node and n.seen_at > ${since}
    where a.node <> ${node} limit ${MAX_ASKS}`)
  const gift = await db.one(sql`select 1 as waits from throttle_gift where node = ${node} limit 1`)
  const wanted = asks.map((row): Wanted => ({ ...at(row), node: row.node, tokens: row.amount / THOUSAND }))
  return { others: others.length, wanted, waits: gift !== undefined }
}

/** `id`: another one each time. `asks` replace those of before. */
export type Exchange = { node: string; id: string; asks: readonly Tokens[]; offers: readonly Wanted[] }

/** `taken`: how much of each offer, in their order. */
export type Exchanged = { gifts: readonly Tokens[]; taken: readonly number[] }

/** A node fetches what others gave it, says what it wants now, and gives of what it can spare. A token is in one place at a time. */
export const exchange = write('throttle.exchange', async (tx, input: Exchange): Promise<Exchanged> => {
  const { node, id, asks, offers } = input
  const now = tx.clock.now()
  const before = await tx.one<{ exchange: string }>(sql`select exchange from throttle_node where node = ${node}`)
  // It was done, and the answer lost: what it fetched is gone for nobody's gain, and what it offered may all be taken.
  if (before?.exchange === id) return { gifts: [], taken: offers.map(offer => offer.tokens) }
  await tx.run(sql`insert into throttle_node (node, seen_at, exchange) values (${node}, ${now}, ${id})
    on conflict (node) do update set seen_at = excluded.seen_at, exchange = excluded.exchange`)
  const gifts = await fetchGifts(tx, node)
  await tx.run(sql`delete from throttle_ask where node = ${node}`)
  for (const ask of asks) await insertAsk(tx, node, ask, gifts, now)
  const taken: number[] = []
  for (const offer of offers) taken.push(await give(tx, node, offer, now))
  return { gifts, taken }
})

async function fetchGifts(tx: Tx, node: string): Promise<Tokens[]> {
  const rows = await tx.all<Row>(sql`select registry_id as "registryId", class, identity, node, amount
    from throttle_gift where node = ${node}`)
  if (rows.length > 0) await tx.run(sql`delete from throttle_gift where node = ${node}`)
  return rows.map(row => ({ ...at(row), tokens: row.amount / THOUSAND }))
}

async function insertAsk(tx: Tx, node: string, ask: Tokens, gifts: readonly Tokens[], now: Ms): Promise<void> {
  const { registryId, kind, identity, tokens } = ask
  const got = gifts.filter(gift => isSame(gift, ask)).reduce((sum, gift) => sum + gift.tokens, 0)
  const amount = Math.floor((tokens - got) * THOUSAND)
  if (amount <= 0) return
  await tx.run(sql`insert into throttle_ask (registry_id, class, identity, node, amount, asked_at)
    values (${registryId}, ${kind}, ${identity}, ${node}, ${amount}, ${now})`)
}

async function give(
  tx: Tx,
  giver: string,
  { registryId, kind, identity, node, tokens }: Wanted,
  now: Ms,
): Promise<number> {
  const ask = await tx.one<{ amount: number }>(sql`select amount from throttle_ask
    where registry_id = ${registryId} and class = ${kind} and identity = ${identity} and node = ${node}`)
  const amount = Math.min(ask?.amount ?? 0, Math.floor(tokens * THOUSAND))
  if (amount <= 0) return 0
  await tx.run(sql`update throttle_ask set amount = amount - ${amount}
    where registry_id = ${registryId} and class = ${kind} and identity = ${identity} and node = ${node}`)
  await tx.run(sql`insert into throttle_gift (registry_id, class, identity, node, giver, amount, given_at)
    values (${registryId}, ${kind}, ${identity}, ${node}, ${giver}, ${amount}, ${now})
    on conflict (registry_id, class, identity, node, giver) do update
      set amount = throttle_gift.amount + excluded.amount, given_at = excluded.given_at`)
  return amount / THOUSAND
}

/** What was for nodes that never fetched it. */
export const forgetSilent = write('throttle.forget-silent', async (tx): Promise<null> => {
  const before = tx.clock.now() - 4 * SILENT_MS
  await tx.run(sql`delete from throttle_ask where asked_at < ${before}`)
  await tx.run(sql`delete from throttle_gift where given_at < ${before}`)
  await tx.run(sql`delete from throttle_node where seen_at < ${before}`)
  return null
})

export const throttleWrites: readonly AnyWrite[] = [exchange, forgetSilent]

function at(row: Row): BucketAt {
  return { registryId: row.registryId, kind: row.class, identity: row.identity }
}

function isSame(one: BucketAt, other: BucketAt): boolean {
  return one.registryId === other.registryId && one.kind === other.kind && one.identity === other.identity
}
