import type { Unit } from '../parse/parsed.ts'
import type { Place } from '../place.ts'
import type { Golden, SearchIndex } from './passage.ts'

type Symbol = Place & Pick<Unit, 'kind' | 'name' | 'container' | 'nameLine' | 'exported'>

const LONGEST = 200
/** So many names are looked at; whoever typed three letters of a common word types a fourth. */
const CANDIDATES = 2000
/** The shortest text that a trigram finds. */
const TRIGRAM = 3

/** Units by a piece of their name, in any case: the name itself first, then what begins with it, then what holds it. */
export function symbols(
  { db }: SearchIndex,
  text: string,
  { golden, limit }: { golden: Golden; limit: number },
): Symbol[] {
  const piece = text.trim().slice(0, LONGEST)
  if (piece === '' || golden.length === 0) return []
  const long = [...piece].length >= TRIGRAM
  const holds = long
    ? 'u.id IN (SELECT rowid FROM search_names WHERE search_names MATCH ?)'
    : 'u.name COLLATE NOCASE BETWEEN ? AND ?'
  const what = long ? [`"${piece.replaceAll('"', '""')}"`] : [piece, `${piece}\u{10ffff}`]
  const rows = db
    .prepare(
      `SELECT f.repository, f."commit", f.path, u.start_line AS startLine, u.end_line AS endLine, u.kind, u.name,
         u.container, u.name_line AS nameLine, u.exported
       FROM search_unit u JOIN golden_file f ON f.artifact = u.artifact
       WHERE ${holds} AND f.repository IN (${golden.map(() => '?').join(', ')})
       ORDER BY u.id, f.repository LIMIT ${CANDIDATES}`,
    )
    .all(...what, ...golden.map(({ name }) => name)) as (Omit<Symbol, 'exported'> & { exported: number })[]
  const wanted = piece.toLowerCase()
  return rows
    .map(row => ({ row, distance: distance(row.name.toLowerCase(), wanted) }))
    .sort((a, b) => a.distance - b.distance || b.row.exported - a.row.exported || a.row.name.length - b.row.name.length)
    .slice(0, limit)
    .map(({ row }) => ({ ...row, exported: row.exported === 1 }))
}

function distance(name: string, wanted: string): number {
  if (name === wanted) return 0
  return name.startsWith(wanted) ? 1 : 2
}
