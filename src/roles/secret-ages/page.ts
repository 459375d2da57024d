import { failure } from '../../kernel/index.ts'
import type { SecretAge, SecretSource } from './source.ts'

export const SecretsCursorUnknown = failure('SECRETS_CURSOR_UNKNOWN', 400, (after: string) => ({
  says: `"${after.slice(0, 80)}" is no place in the list of secrets`,
  next: 'Begin without `after`, and go on with the `next` of each answer',
}))

type Page = { secrets: SecretAge[]; next?: string }

/** One source behind the other; `next` is `<source>/<key>` of the last one given. */
export async function readPage(sources: readonly SecretSource[], after: string, limit: number): Promise<Page> {
  const [name = '', ...rest] = after.split('/')
  const first = after === '' ? 0 : sources.findIndex(source => source.name === name)
  if (first < 0) throw SecretsCursorUnknown(after)
  const found: { at: string; age: SecretAge }[] = []
  for (const [index, source] of sources.slice(first).entries()) {
    // One more than asked for says whether there is more.
    const wanted = limit + 1 - found.length
    if (wanted <= 0) break
    for (const age of await source.read(index === 0 ? rest.join('/') : '', wanted)) {
      found.push({ at: `${source.name}/${age.key}`, age })
    }
  }
  const page = found.slice(0, limit)
  const last = page.at(-1)
  return { secrets: page.map(({ age }) => age), ...(found.length > limit && last ? { next: last.at } : {}) }
}
