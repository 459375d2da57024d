import { mkdirSync, writeFileSync } from 'node:fs'

const folder = new URL('../../.peers/summary/', import.meta.url)

/** Prints a table and keeps it in test/.peers/summary, where .ci/run shows it once more at its end. */
export function summary(name: string, rows: readonly (readonly string[])[]): void {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map(row => row[column]?.length ?? 0)))
  const text = rows
    .map(row =>
      row
        .map((cell, i) => cell.padEnd(widths[i] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
  mkdirSync(folder, { recursive: true })
  writeFileSync(new URL(`${name}.txt`, folder), `${text}\n\n`)
  console.log(`\n${text}\n`)
}
