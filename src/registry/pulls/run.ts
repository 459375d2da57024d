import type { Clock, Log, Store } from '../../kernel/index.ts'
import type { PullBatch, PullCounter } from './counter.ts'
import { blurPulls, countPulls } from './rows.ts'

/** What a process that is killed loses. */
const FLUSH_MS = 60_000
/** Rows of one transaction, about. */
const NAMES_A_WRITE = 500

type Parts = { pulls: PullCounter; store: Store; clock: Clock; log: Log }

/** Writes down what this process counts, until the signal, and once more then. */
export async function runPulls(parts: Parts, signal: AbortSignal): Promise<void> {
  const { clock } = parts
  while (!signal.aborted) {
    await clock.sleep(FLUSH_MS * (0.75 + clock.random() / 4), signal).catch(() => {})
    await flushPulls(parts)
  }
}

/** What could not be written waits for the next time. */
export async function flushPulls({ pulls, store, log }: Omit<Parts, 'clock'>): Promise<void> {
  const batch = pulls.take()
  try {
    for (const registryId of batch.blurred) await store.write(blurPulls, { registryId })
    for (const page of pagesOf(batch)) await store.write(countPulls, page)
  } catch (error) {
    pulls.giveBack(batch)
    log.warn({ err: error }, 'Pulls wait to be counted; it is tried again')
  }
}

type Counted = Parameters<typeof countPulls.run>[1][number]

function* pagesOf({ registries }: PullBatch): Generator<Counted[]> {
  let page: Counted[] = []
  let names = 0
  for (const counted of all(registries)) {
    page.push(counted)
    names += 1 + counted.tags.length + counted.digests.length
    if (names < NAMES_A_WRITE) continue
    yield page
    page = []
    names = 0
  }
  if (page.length > 0) yield page
}

function* all(registries: PullBatch['registries']): Generator<Counted> {
  for (const [registryId, repositories] of registries) {
    for (const [repository, { pulls, tags, digests }] of repositories) {
      const repo = { registryId, repository }
      yield { ...repo, pulls, tags: [...tags].slice(0, NAMES_A_WRITE), digests: [...digests].slice(0, NAMES_A_WRITE) }
      for (let at = NAMES_A_WRITE; at < Math.max(tags.size, digests.size); at += NAMES_A_WRITE) {
        const some = (names: ReadonlySet<string>) => [...names].slice(at, at + NAMES_A_WRITE)
        yield { ...repo, pulls: 0, tags: some(tags), digests: some(digests) }
      }
    }
  }
}
