import { type Clock, Failure, type HttpClient, type Log, type Opener, type Store } from '../../kernel/index.ts'
import type { Registry } from '../registry.ts'
import { bring, type Try } from './bring.ts'
import { NothingComes, RegistryGone, TriedLongEnough } from './failures.ts'
import { type Import, type ImportError, importContext, parseImportCredentials } from './import.ts'
import { createTally } from './tally.ts'
import { OVER, type Report, watch } from './watch.ts'
import { errorOf, isPassing } from './why.ts'
import { imports, type Taken } from './writes.ts'

const MOST_DAYS = 7
const DAY_MS = 24 * 3_600_000
/** Tries in a row that bring nothing: a host that never answered is a wrong name, one that did may be back in the morning. */
const FIRST_TRIES = 4
const LATER_TRIES = 40

export type AttemptParts = {
  registry: Registry
  store: Store
  clock: Clock
  log: Log
  http: HttpClient
  open: Opener['open']
  /** Whether there is (still) such a registry. */
  isServed: (registryId: string) => boolean
}

/** One try. Resolves where the import has ended, however it did; throws where another try is to follow. */
export async function attempt(parts: AttemptParts, taken: Taken, fence: number, signal: AbortSignal): Promise<void> {
  const { store, log } = parts
  const { one } = taken
  const held = { registryId: one.registryId, id: one.id, fence }
  const end = (error: ImportError | null) => store.write(imports.settle, { ...held, error })
  const hopeless = whyHopeless(parts, one)
  if (hopeless) return void (await end(hopeless))
  const tally = createTally(one.progress)
  let credentials: Try['credentials']
  try {
    credentials = await credentialsOf(parts, taken)
    await tryOn(parts, { one, credentials, tally, digest: one.digest, doneTag: taken.doneTag }, fence, signal)
    await end(null)
  } catch (error) {
    if (error === OVER) return
    if (signal.aborted) {
      await store.write(imports.postpone, { ...held, error: null })
      throw error
    }
    if (!(error instanceof Failure)) log.error({ err: error, import: one.id }, 'An import met a defect')
    const told = errorOf(error, credentials)
    const tries = tally.brought() > 0 ? 0 : one.failures + 1
    const most = tally.brought() > 0 || hasBrought(one) ? LATER_TRIES : FIRST_TRIES
    if (!isPassing(error) || tries >= most) return void (await end(told))
    await store.write(imports.postpone, { ...held, error: told })
    throw new Failure(told.code, told.status, { ...told, detail: pauseOf(error) })
  }
}

function whyHopeless({ isServed, clock }: AttemptParts, one: Import): ImportError | undefined {
  const told = (error: Failure) => errorOf(error, undefined)
  if (!isServed(one.registryId)) return told(RegistryGone())
  if (clock.now() - one.createdAt > MOST_DAYS * DAY_MS) return one.error ?? told(TriedLongEnough(MOST_DAYS))
  // Tries that failed and said so were counted below already; what is left are processes that died.
  if (one.failures >= (hasBrought(one) ? LATER_TRIES : FIRST_TRIES)) return one.error ?? told(NothingComes())
  return undefined
}

async function credentialsOf({ open }: AttemptParts, { one, sealed }: Taken) {
  return sealed === '' ? undefined : parseImportCredentials(await open(sealed, importContext(one)))
}

type Begun = Omit<Try, 'problems' | 'checkpoint'>

/** Throws what ended it: `OVER` where somebody else did. */
async function tryOn(parts: AttemptParts, begun: Begun, fence: number, signal: AbortSignal): Promise<void> {
  const { one, tally } = begun
  const { store } = parts
  const held = { registryId: one.registryId, id: one.id, fence }
  const report: Report = moved => {
    const { digest, doneTag, problems } = on
    const now = { progress: tally.now(), digest, doneTag, problems: [...problems.values()] }
    return store.write(imports.report, { ...held, ...now, moved })
  }
  const problems = new Map(one.problems.map(problem => [problem.tag, problem]))
  const on: Try = { ...begun, problems, checkpoint: () => report(tally.brought() > 0) }
  await watch(parts, { host: one.source.host, tally, report }, signal, ending => bring(parts, on, ending))
  await on.checkpoint()
}

function hasBrought({ progress }: Import): boolean {
  return progress.fetched > 0 || progress.manifests.done > 0
}

/** The job waits as long as the source asked for. */
function pauseOf(error: unknown): Record<string, unknown> {
  const asked = error instanceof Failure ? error.detail.retryAfterMs : undefined
  return asked === undefined ? {} : { retryAfterMs: asked }
}
