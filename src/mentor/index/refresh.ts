import { fetchMirror, openMirror } from '../../git/index.ts'
import { type Clock, Failure } from '../../kernel/index.ts'
import type { GoldenSource } from '../config/types.ts'
import { createParser } from '../parse/parser.ts'
import { type Analyzer, openAnalyzer } from './analyze.ts'
import { inOurWords, openToWrite } from './database.ts'
import { FilesFaulty, IndexDamaged, IndexFull, IndexUnwritable } from './failures.ts'
import { ingest } from './ingest.ts'
import { withIndexLock } from './lock.ts'
import { mirrorDir, putTrouble, type RepositoryRow, wantRepository } from './repository-rows.ts'
import { sweep } from './sweep.ts'
import { analyzerVersion } from './tables.ts'
import type { Progress, Refreshed, RefreshedRepository, Trouble } from './types.ts'

export type Refresh = {
  readonly dir: string
  readonly golden: readonly GoldenSource[]
  readonly clock: Clock
  readonly signal: AbortSignal
  readonly onProgress: (progress: Progress) => void
}

/**
 * Brings every golden repository to what its ref means now. One that can't be brought stays as it was, with its trouble in
 * the status; what is wrong with the index itself ends the whole.
 */
export async function refresh(options: Refresh): Promise<Refreshed> {
  const { dir, golden, clock, signal, onProgress } = options
  const from = clock.monotonic()
  const waiting = () => onProgress({ repository: '', phase: 'waiting', done: 0, total: 0 })
  try {
    return await withIndexLock({ dir, clock, signal, onWait: waiting }, async () => {
      const db = openToWrite(dir)
      try {
        const analyzer = openAnalyzer(db, await createParser())
        const repositories: RefreshedRepository[] = []
        for (const source of golden) {
          const row = wantRepository(db, source, clock.now())
          repositories.push(await bring(row, { ...options, db, analyzer }))
        }
        onProgress({ repository: '', phase: 'tidying', done: 0, total: 0 })
        sweep(db, analyzer, clock.now())
        return { repositories, milliseconds: Math.round(clock.monotonic() - from) }
      } finally {
        db.close()
      }
    })
  } catch (error) {
    throw inOurWords(error, dir)
  }
}

type Bringing = Refresh & { readonly db: ReturnType<typeof openToWrite>; readonly analyzer: Analyzer }

async function bring(repository: RepositoryRow, bringing: Bringing): Promise<RefreshedRepository> {
  const { dir, clock, signal, onProgress, db } = bringing
  const { id, name, source, ref } = repository
  const mirrorAt = mirrorDir(dir, source)
  try {
    onProgress({ repository: name, phase: 'fetching', done: 0, total: 0 })
    const commit = await fetchMirror({
      source,
      ref,
      dir: mirrorAt,
      clock,
      signal,
      onProgress: ({ percent }) => onProgress({ repository: name, phase: 'fetching', done: percent, total: 100 }),
    })
    if (commit === repository.commit && repository.version === analyzerVersion) {
      db.prepare("UPDATE repository SET trouble = '' WHERE id = ? AND trouble <> ''").run(id)
      return { repository: name, commit, parsed: 0, changed: 0 }
    }
    const mirror = openMirror({ dir: mirrorAt, clock })
    try {
      const { faults, ...counts } = await ingest({ ...bringing, mirror, repository, commit })
      const [first] = faults
      if (first === undefined) return { repository: name, commit, ...counts }
      const trouble = wordsOf(FilesFaulty(faults.length, first.path, first.why))
      putTrouble(db, id, trouble)
      return { repository: name, commit, ...counts, trouble }
    } finally {
      mirror.close()
    }
  } catch (error) {
    const trouble = troubleOf(error, dir, signal)
    putTrouble(db, id, trouble)
    return { repository: name, commit: repository.commit || undefined, parsed: 0, changed: 0, trouble }
  }
}

const OF_THE_WHOLE = [IndexDamaged, IndexFull, IndexUnwritable]

/** Throws what is wrong with more than this repository. */
function troubleOf(error: unknown, dir: string, signal: AbortSignal): Trouble {
  signal.throwIfAborted()
  const ours = inOurWords(error, dir)
  if (!(ours instanceof Failure) || OF_THE_WHOLE.some(kind => ours.is(kind))) throw ours
  return wordsOf(ours)
}

function wordsOf({ code, message, next }: Failure): Trouble {
  return { code, says: message, next }
}
