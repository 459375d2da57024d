import { type Hlc, hlcTime, parseHlc, type Row, sql, type Tx } from '../kernel/index.ts'

/** What a stamp orders: one name in one repository. */
export type Place = { registryId: string; repository: string; kind: 'tag' | 'manifest'; name: string }

/**
 * The stamp under which a change to `place` takes effect, or undefined where what is held is as new. Without one
 * given the change is this region's own, and comes after all that it replaces, so an acknowledged write always wins
 * over the one before it.
 */
export async function settleStamp(tx: Tx, place: Place, given: Hlc | undefined): Promise<Hlc | undefined> {
  const held = await heldStamp(tx, place)
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

export async function bury(tx: Tx, place: Place, hlc: Hlc): Promise<void> {
  await tx.run(sql`insert into tombstone (registry_id, repository, kind, name, hlc, deleted_at)
    values (${place.registryId}, ${place.repository}, ${place.kind}, ${place.name}, ${hlc}, ${tx.clock.now()})
    on conflict (registry_id, repository, kind, name) do update set hlc = excluded.hlc, deleted_at = excluded.deleted_at`)
}

export async function unbury(tx: Tx, place: Place): Promise<void> {
  await tx.run(sql`delete from tombstone where registry_id = ${place.registryId} and repository = ${place.repository}
    and kind = ${place.kind} and name = ${place.name}`)
}

async function heldStamp(tx: Tx, place: Place): Promise<Hlc | undefined> {
  const { registryId, repository, kind, name } = place
  const row = await tx.one<Row>(
    kind === 'tag'
      ? sql`select max(hlc) as hlc from (
          select hlc from tag where registry_id = ${registryId} and repository = ${repository} and name = ${name}
          union all select hlc from tombstone where registry_id = ${registryId} and repository = ${repository}
            and kind = ${kind} and name = ${name}) as held`
      : sql`select max(hlc) as hlc from (
          select hlc from manifest where registry_id = ${registryId} and repository = ${repository} and digest = ${name}
          union all select hlc from tombstone where registry_id = ${registryId} and repository = ${repository}
            and kind = ${kind} and name = ${name}) as held`,
  )
  return typeof row?.hlc === 'string' ? parseHlc(row.hlc) : undefined
}
