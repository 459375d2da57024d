import { type Hlc, hlcTime, parseHlc, type Row, sql, type Tx } from '../../kernel/index.ts'

/** What a stamp orders: one name in one repository, or the repository itself (''). */
export type Place = { registryId: string; repository: string; kind: 'repository' | 'tag' | 'manifest'; name: string }

/** `attributes`: of a tag that went with its manifest, what was set on it; the tag itself goes under its own stamp. */
type Buried = Omit<Place, 'kind'> & { kind: Place['kind'] | 'attributes' }

/**
 * The stamp under which a change to `place` takes effect, or undefined where what is held is as new. Without one
 * given the change is this region's own, and comes after all that it replaces, so an acknowledged write always wins
 * over the one before it.
 */
export async function settleStamp(tx: Tx, place: Place, given: Hlc | undefined): Promise<Hlc | undefined> {
  const held = await heldStamp(tx, place, given === undefined)
  if (given === undefined) return stampAfter(tx, held)
  return held === undefined || given > held ? given : undefined
}

/**
 * A new stamp later than `held`, whatever the clock says: what is held here was accepted once, and a machine whose
 * clock was set back must still be able to move its own tags. The clock itself is not drawn along.
 */
export function stampAfter(tx: Tx, held: Hlc | undefined): Hlc {
  const own = tx.clock.tick()
  if (held === undefined || own > held) return own
  const counter = Number.parseInt(held.slice(13, 17), 16) + 1
  const millis = hlcTime(held) + (counter >> 16)
  const hex = (value: number, width: number) => value.toString(16).padStart(width, '0')
  return `${hex(millis, 12)}-${hex(counter & 0xffff, 4)}${own.slice(17)}` as Hlc
}

/**
 * The same for attributes: what they are set on may be older or newer, only its deletion ends them. Each of them is
 * compared with what it replaces by `putAttributes`.
 */
export async function settleAttributes(tx: Tx, place: Place, given: Hlc | undefined): Promise<Hlc | undefined> {
  const { registryId, repository, kind, name } = place
  const own = given === undefined ? 1 : 0
  const row = await tx.one<Row>(sql`select max(hlc) as hlc from (
    select hlc from tombstone where registry_id = ${registryId} and repository = ${repository}
      and kind in (${kind}, 'attributes') and name = ${name}
    union all select hlc from attribute where registry_id = ${registryId} and repository = ${repository}
      and kind = ${kind} and name = ${name} and cast(${own} as bigint) = 1) as held`)
  const held = stampIn(row)
  if (given === undefined) return stampAfter(tx, held)
  return held === undefined || given > held ? given : undefined
}

/**
 * Remembers the deletion, also where the name is in use again: what was set on it before must not come back with a
 * change that is late. Attributes that are older go with it.
 */
export async function bury(tx: Tx, place: Buried, hlc: Hlc): Promise<void> {
  const { registryId, repository, kind, name } = place
  await tx.run(sql`insert into tombstone (registry_id, repository, kind, name, hlc, deleted_at)
    values (${registryId}, ${repository}, ${kind}, ${name}, ${hlc}, ${tx.clock.now()})
    on conflict (registry_id, repository, kind, name) do update set hlc = excluded.hlc, deleted_at = excluded.deleted_at
    where excluded.hlc > tombstone.hlc`)
  await tx.run(sql`delete from attribute where registry_id = ${registryId} and repository = ${repository}
    and kind = ${kind} and name = ${name} and hlc < ${hlc}`)
}

/** The stamp of its newest deletion, where that is later. */
export async function deletedSince(tx: Tx, place: Place, hlc: Hlc): Promise<Hlc | undefined> {
  const { registryId, repository, kind, name } = place
  return stampIn(
    await tx.one<Row>(sql`select hlc from tombstone where registry_id = ${registryId} and repository = ${repository}
      and kind = ${kind} and name = ${name} and hlc > ${hlc}`),
  )
}

// A change of our own also comes after the attributes, so that a deletion ends them; one from elsewhere must merge the
// same wherever they are known already.
async function heldStamp(tx: Tx, place: Place, own: boolean): Promise<Hlc | undefined> {
  const { registryId, repository, kind, name } = place
  const row = await tx.one<Row>(
    kind === 'tag'
      ? sql`select max(hlc) as hlc from (
          select hlc from tag where registry_id = ${registryId} and repository = ${repository} and name = ${name}
          union all select hlc from tombstone where registry_id = ${registryId} and repository = ${repository}
            and kind in (${kind}, ${own ? 'attributes' : kind}) and name = ${name}
          union all select hlc from attribute where registry_id = ${registryId} and repository = ${repository}
            and kind = ${kind} and name = ${name} and cast(${own ? 1 : 0} as bigint) = 1) as held`
      : sql`select max(hlc) as hlc from (
          select hlc from manifest where registry_id = ${registryId} and repository = ${repository} and digest = ${name}
          union all select hlc from tombstone where registry_id = ${registryId} and repository = ${repository}
            and kind = ${kind} and name = ${name}
          union all select hlc from attribute where registry_id = ${registryId} and repository = ${repository}
            and kind = ${kind} and name = ${name} and cast(${own ? 1 : 0} as bigint) = 1) as held`,
  )
  return stampIn(row)
}

function stampIn(row: Row | undefined): Hlc | undefined {
  return typeof row?.hlc === 'string' ? parseHlc(row.hlc) : undefined
}
