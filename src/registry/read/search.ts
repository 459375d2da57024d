import type { Soon } from '../../kernel/index.ts'
import { firstOf, type Part } from './lists.ts'

// A text inside of a name has no index: each name is looked at, so many a request, some 2 ms of the node a step.
const STEP = 1000
const LOOKED_AT = 10_000

type Row = { readonly updated_at: number }
type Asked<P, T> = { page: P; has: string; nameOf: (row: T) => string; read: (page: P) => Soon<readonly T[]> }

/**
 * A page of the rows whose name has the text in it, in any case. It may be short, or empty, and still go on: one request
 * looks at `LOOKED_AT` names at most.
 */
export async function search<P extends { n: number; name: string; at: number }, T extends Row>({
  page,
  has,
  nameOf,
  read,
}: Asked<P, T>): Promise<Part<T>> {
  const wanted = has.toLowerCase()
  const rows: T[] = []
  let place = page
  for (let looked = 0; ; looked += STEP) {
    const step = firstOf(await read({ ...place, n: STEP }), STEP)
    for (const row of step.rows) {
      if (!nameOf(row).toLowerCase().includes(wanted)) continue
      rows.push(row)
      if (rows.length > page.n) return firstOf(rows, page.n)
    }
    const { last } = step
    if (last === undefined) return { rows }
    if (looked + STEP >= LOOKED_AT) return { rows, last }
    place = { ...place, name: nameOf(last), at: last.updated_at }
  }
}
