import type { Clock } from '../../kernel/index.ts'
import type { MentorConfig } from '../config/types.ts'
import { openIndex } from '../index/open-index.ts'
import type { Mined } from '../norms/mine-index.ts'
import type { Library } from './library.ts'
import { mineInThread } from './mine-worker.ts'

const NOTHING: Mined = { norms: [], undecided: [] }
/** Each project of its own golden repositories or thresholds has one. */
const MOST_MINED = 8

/** The index of this user, in `dir`; norms are mined when they are first asked for, and again when it has changed. */
export function openLibrary({ dir, clock }: { dir: string; clock: Clock }): Library {
  const index = openIndex({ dir, clock })
  const known = new Map<string, Promise<Mined>>()

  async function mined({ golden, norms }: MentorConfig): Promise<Mined> {
    const indexed = index.commits()
    const commits = golden.map(({ name }) => indexed.get(name))
    if (commits.every(commit => commit === undefined)) return NOTHING
    const key = JSON.stringify([commits, golden, norms])
    const before = known.get(key)
    if (before) return before
    const [oldest] = known.keys()
    if (known.size >= MOST_MINED && oldest !== undefined) known.delete(oldest)
    const mining = mineInThread(dir, { golden, norms })
    known.set(key, mining)
    // What failed is tried again next time.
    mining.catch(() => known.delete(key))
    return mining
  }

  return {
    reader: index.reader,
    index,
    use: golden => index.use(golden),
    mined,
    status: () => index.status(),
    refresh: (golden, how) => index.refresh(golden, how),
    wipe: signal => index.wipe(signal),
    repair: signal => index.repair(signal),
    close: () => index.close(),
  }
}
