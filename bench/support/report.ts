import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'

const readme = new URL('../README.md', import.meta.url)

/** Prints a table and, unless the run is a quick one, puts it into bench/README.md at its marks. A scenario's second table is named `scenario, table`. */
export function report(name: string, quick: boolean, rows: readonly (readonly string[])[], note = ''): void {
  const [head = [], ...rest] = rows
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  const align = `|${head.map((_, i) => (i === 0 ? ' - |' : ' -: |')).join('')}`
  const table = [line(head), align, ...rest.map(line)].join('\n')
  console.log(
    `\n## ${name}${quick ? ' (quick: too short to mean much)' : ''}\n\n${table}\n${note ? `\n${note}\n` : ''}`,
  )
  if (quick) return
  const stamp = `_${new Date().toISOString().slice(0, 10)}, ${commit()}, ${cpus().length} × ${cpus()[0]?.model.trim()}, Node ${process.version}: \`npm run bench -- ${name.split(',')[0]}\`_`
  const [begin, end] = [`<!-- ${name}: begin -->`, `<!-- ${name}: end -->`]
  const text = readFileSync(readme, 'utf8')
  if (!text.includes(begin)) throw new Error(`bench/README.md has no place for "${name}": put in ${begin} and ${end}`)
  const before = text.slice(0, text.indexOf(begin) + begin.length)
  writeFileSync(readme, `${before}\n${table}\n${note ? `\n${note}\n` : ''}\n${stamp}\n${text.slice(text.indexOf(end))}`)
}

function commit(): string {
  return execFileSync('git', ['rev-parse', '--short', 'HEAD'], {
    encoding: 'utf8',
    cwd: new URL('.', import.meta.url),
  }).trim()
}

export const times = (value: number): string => `${value < 10 ? value.toFixed(2) : value.toFixed(1)} ×`
export const whole = (value: number): string => Math.round(value).toLocaleString('en')
export const millis = (seconds: number | undefined): string => `${((seconds ?? Number.NaN) * 1000).toFixed(1)} ms`
export const micros = (seconds: number): string => `${(seconds * 1e6).toFixed(seconds < 1e-4 ? 1 : 0)} µs`
export const megabytes = (bytes: number): string => `${whole(bytes / 1e6)} MB`
