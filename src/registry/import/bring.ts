import type { Clock, HttpClient, Store } from '../../kernel/index.ts'
import { copyContent, createOciClient, type Digest, httpSend, type OciClient, parseDigest } from '../../oci/index.ts'
import type { Registry } from '../registry.ts'
import { SomeTagsFailed, TooManyTagsFailed } from './failures.ts'
import type { Import, ImportCredentials, ImportProblem, ImportSource } from './import.ts'
import { importSource } from './source.ts'
import { refuseTaken } from './taken.ts'
import type { Tally } from './tally.ts'
import { importTarget } from './target.ts'
import { errorOf, isPassing } from './why.ts'

/** Of one import. With two imports a node: 8 uploads of 256. */
const BLOBS_AT_ONCE = 4
/** A repository that has so many has something in common that is wrong. */
const MOST_PROBLEMS = 20

export type Parts = { registry: Registry; store: Store; clock: Clock; http: HttpClient }

/** One try, and what of it outlives the process. */
export type Try = {
  readonly one: Import
  readonly credentials: ImportCredentials | undefined
  readonly tally: Tally
  /** What the tag led to when it was looked up first: later tries go on with that. */
  digest: string
  doneTag: string
  readonly problems: Map<string, ImportProblem>
  /** Writes down how far it is. */
  readonly checkpoint: () => Promise<unknown>
}

/** Brings what was asked for: children first, then what has the name, then what refers to it. Done when it resolves. */
export async function bring(parts: Parts, on: Try, signal: AbortSignal): Promise<void> {
  const { one } = on
  const client = clientOf(parts, on)
  if (one.source.allTags) return bringAllTags(parts, on, client, signal)
  if (on.digest === '') {
    on.digest = one.source.digest || (await lookUp(client, one.source, one.source.tag, signal))
    await on.checkpoint()
  }
  await bringOne(parts, on, client, { digest: parseDigest(on.digest), tags: one.tags, signal })
}

/** In the order of the source's list, so that a later try goes on behind the last one. */
async function bringAllTags(parts: Parts, on: Try, client: OciClient, signal: AbortSignal): Promise<void> {
  const { source } = on.one
  const options = { signal, ...(on.doneTag === '' ? {} : { last: on.doneTag }) }
  for await (const tag of client.listTags(repositoryOf(source), options)) {
    try {
      const digest = await lookUp(client, source, tag, signal)
      await bringOne(parts, on, client, { digest, tags: [tag], signal })
      on.tally.tag()
      on.problems.delete(tag)
    } catch (error) {
      if (signal.aborted || isPassing(error)) throw error
      on.problems.set(tag, { tag, ...errorOf(error, on.credentials) })
    }
    on.doneTag = tag
    await on.checkpoint()
    if (on.problems.size >= MOST_PROBLEMS) throw TooManyTagsFailed([...on.problems.keys()])
  }
  if (on.problems.size > 0) throw SomeTagsFailed([...on.problems.keys()], on.tally.now().tags)
}

type Wanted = { digest: Digest; tags: readonly string[]; signal: AbortSignal }

async function bringOne(parts: Parts, { one, tally }: Try, client: OciClient, { digest, tags, signal }: Wanted) {
  const { registry, store } = parts
  // Asked again with the push; now it costs no transfer.
  if (!one.force) await refuseTaken(store.read, one, digest, tags)
  await copyContent({
    from: importSource(client, repositoryOf(one.source), { read: store.read, repo: one }),
    to: importTarget({ registry, store, tally }, one, { digest, tags }),
    name: digest,
    referrers: one.referrers,
    concurrency: BLOBS_AT_ONCE,
    onPlan: tally.plan,
    onBlob: tally.blob,
    signal,
  })
}

async function lookUp(client: OciClient, source: ImportSource, tag: string, signal: AbortSignal) {
  return (await client.resolve({ ...repositoryOf(source), tag }, { signal })).digest
}

/** Nothing of the tag or digest that was asked for: the client would take it for its own. */
function repositoryOf({ host, repository }: ImportSource) {
  return { host, repository }
}

function clientOf({ clock, http }: Parts, { one, credentials }: Try): OciClient {
  return createOciClient({
    send: httpSend(http),
    clock,
    // For the source alone, wherever it leads.
    credentials: host => (host === one.source.host ? credentials : undefined),
    plainHttp: host => one.plainHttp && host === one.source.host,
  })
}
