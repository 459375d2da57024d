import { type JsonNode, readJson } from './json.ts'

/** To put `text` at `at`, in UTF-16 units: what an editor shows before it is done. */
export type Insertion = { at: number; text: string }

type Listed = 'mute' | 'repositories'

/** One more entry at the end of a list, as the file is indented; undefined where the file is no object of JSON or has no list there. */
export function insertEntry(text: string, list: Listed, entry: unknown): Insertion | undefined {
  const read = readJson(text)
  if ('broken' in read || read.root.kind !== 'object') return undefined
  const { root } = read
  const indent = /\n([ \t]+)"/.exec(text)?.[1] ?? '  '
  const line = text.includes('\r\n') ? '\r\n' : '\n'
  const found = root.entries.find(({ key }) => key === list)
  if (found && found.value.kind !== 'array') return undefined
  const write = (value: unknown, depth: number) =>
    JSON.stringify(value, null, indent).replaceAll('\n', `${line}${indent.repeat(depth)}`)
  if (!found) return after(root, root.entries.at(-1)?.value, `${line}${indent}"${list}": ${write([entry], 1)}`, line)
  const last = found.value.kind === 'array' ? found.value.items.at(-1) : undefined
  return after(found.value, last, `${line}${indent.repeat(2)}${write(entry, 2)}`, `${line}${indent}`)
}

function after(holder: JsonNode, last: JsonNode | undefined, text: string, close: string): Insertion {
  return last ? { at: last.end, text: `,${text}` } : { at: holder.start + 1, text: `${text}${close}` }
}

/** A first file, for where there is none. */
export function firstConfig(name: string, repositories: readonly string[]): string {
  return `${JSON.stringify({ name, version: '1.0.0', repositories }, null, 2)}\n`
}
