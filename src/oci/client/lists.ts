import { type Fields, readFields } from '../fields.ts'
import { isRepository, isTag } from '../reference.ts'
import { followed } from './address.ts'
import { ProtocolBroken } from './failures.ts'
import { readReply } from './reply.ts'
import { pull, type Repository, type WithSignal } from './scope.ts'
import type { Answer, Session } from './session.ts'

export type ListOptions = WithSignal & {
  /** Names a page; the registry's own choice where not said. */
  readonly pageSize?: number
  /** Only names behind this one, in the registry's order. */
  readonly last?: string
}

/** The tags of a repository, page by page as they are read. */
export async function* listTags(session: Session, of: Repository, options: ListOptions = {}): AsyncGenerator<string> {
  const first = session.url(of.host, `/v2/${of.repository}/tags/list`)
  const ask = { ...pull(of), what: `tags of ${of.repository}`, field: 'tags', isName: isTag }
  yield* names(session, first, ask, options)
}

/** The repositories of a registry, as far as it tells. */
export async function* catalog(session: Session, host: string, options: ListOptions = {}): AsyncGenerator<string> {
  const ask = { host, scopes: ['registry:catalog:*'], what: 'the catalog', field: 'repositories', isName: isRepository }
  yield* names(session, session.url(host, '/v2/_catalog'), ask, options)
}

type Ask = { host: string; scopes: readonly string[]; what: string; field: string; isName: (text: string) => boolean }

async function* names(session: Session, first: URL, ask: Ask, options: ListOptions): AsyncGenerator<string> {
  if (options.pageSize !== undefined) first.searchParams.set('n', String(options.pageSize))
  if (options.last !== undefined) first.searchParams.set('last', options.last)
  for await (const fields of pages(session, first, ask, options.signal)) {
    const found = fields[ask.field] ?? []
    if (!Array.isArray(found)) throw ProtocolBroken(ask.host, `${ask.what}: ${ask.field} is not a list`)
    for (const name of found) {
      // Names go into paths and onto terminals: what is not a name is not passed on.
      if (typeof name !== 'string' || !ask.isName(name))
        throw ProtocolBroken(ask.host, `${ask.what}: a name is not valid`)
      yield name
    }
  }
}

// A page of 10,000 names of 255 characters.
const pageBytes = 4 * 1024 * 1024

/** JSON objects over as many pages as their `Link` headers say. */
export async function* pages(
  session: Session,
  first: URL,
  ask: { readonly host: string; readonly scopes: readonly string[]; readonly what: string },
  signal: AbortSignal | undefined,
): AsyncGenerator<Fields> {
  for (let url: URL | undefined = first; url; ) {
    const { host, scopes, what } = ask
    const answer: Answer = await session.call({ method: 'GET', host, scopes, what, to: url, expect: [200], signal })
    const bytes = await readReply(answer.reply, pageBytes, host)
    yield readFields(bytes, { bytes: pageBytes, depth: 16 }, why => ProtocolBroken(host, `${what}: ${why}`))
    url = nextPage(answer, url, host)
  }
}

function nextPage({ reply, url }: Answer, asked: URL, host: string): URL | undefined {
  const target = /<([^>]*)>\s*;[^,]*\brel="?next"?/i.exec(reply.header('link') ?? '')?.[1]
  if (target === undefined) return undefined
  const next = followed(url, target)
  if (next.href === asked.href) throw ProtocolBroken(host, 'a page says that it is its own next page')
  return next
}
