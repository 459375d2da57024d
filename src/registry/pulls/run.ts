import type { Clock, Log, Store } from '../../kernel/index.ts'
import type { PullBatch, PullCounter } from './counter.ts'
import { blurPulls, type Counted, countPulls } from './rows.ts'

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
  const { registries, blurred } = pulls.take()
  const pages = [...pagesOf(registries)]
  let written = 0
  try {
    for (const registryId of blurred) await store.write(blurPulls, { registryId })
    for (const page of pages) {
      await store.write(countPulls, page)
      written += 1
    }
  } catch (error) {
    pulls.giveBack({ counted: pages.slice(written).flat(), blurred })
    log.warn({ err: error }, 'Pulls wait to be counted; it is tried again')
  }
}

function* pagesOf(registries: PullBatch['registries']): Generator<Counted[]> {
  let page: Counted[] = []
  let names = 0
  for (const counted of countedOf(registries)) {
    page.push(counted)
    names += 1 + counted.tags.length + counted.digests.length
    if (names < NAMES_A_WRITE) continue
    yield page
    page = []
    names = 0
  }
  if (page.length > 0) yield page
}

function* countedOf(registries: PullBatch['registries']): Generator<Counted> {
  for (const [registryId, repositories] of registries) {
    for (const [repository, { pulls, ...names }] of repositories) {
      const [tags, digests] = [[...names.tags], [...names.digests]]
      for (let at = 0; at === 0 || at < Math.max(tags.length, digests.length); at += NAMES_A_WRITE) {
        const some = (all: readonly string[]) => all.slice(at, at + NAMES_A_WRITE)
        yield { registryId, repository, pulls: at === 0 ? pulls : 0, tags: some(tags), digests: some(digests) }
      }
    }
  }
}
