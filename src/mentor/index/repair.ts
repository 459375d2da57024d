import { existsSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { checkMirror } from '../../git/index.ts'
import type { Clock } from '../../kernel/index.ts'
import { indexPath, inOurWords, openToWrite, sqliteCode } from './database.ts'
import { IndexDamaged } from './failures.ts'
import { withIndexLock } from './lock.ts'

type Repairing = { readonly dir: string; readonly clock: Clock; readonly signal: AbortSignal }

/**
 * Takes away what is damaged, so that the next refresh makes it anew: the whole file where SQLite or its text index finds a
 * fault, mirrors where git does. Returns what that was, in words.
 */
export function repair({ dir, clock, signal }: Repairing): Promise<string[]> {
  return withIndexLock({ dir, clock, signal, onWait: () => undefined }, async () => {
    const taken: string[] = []
    const fault = findFault(dir)
    if (fault !== undefined) {
      removeIndex(dir)
      openToWrite(dir).close()
      taken.push(`the index: ${fault}`)
    }
    const mirrors = join(dir, 'git')
    for (const name of existsSync(mirrors) ? readdirSync(mirrors) : []) {
      const wrong = await checkMirror({ dir: join(mirrors, name), clock, signal })
      if (wrong === undefined) continue
      rmSync(join(mirrors, name), { recursive: true, force: true })
      taken.push(`the mirror ${name}: ${wrong}`)
    }
    return taken
  })
}

/** Takes away the index and all mirrors. */
export function wipe({ dir, clock, signal }: Repairing): Promise<void> {
  return withIndexLock({ dir, clock, signal, onWait: () => undefined }, async () => {
    removeIndex(dir)
    rmSync(join(dir, 'git'), { recursive: true, force: true })
  })
}

function findFault(dir: string): string | undefined {
  try {
    const db = openToWrite(dir)
    try {
      const rows = db.prepare('PRAGMA integrity_check(3)').all() as { integrity_check: string }[]
      const wrong = rows.map(row => row.integrity_check).filter(line => line !== 'ok')
      return wrong.length === 0 ? undefined : wrong.join('; ')
    } finally {
      db.close()
    }
  } catch (error) {
    const ours = inOurWords(error, dir)
    if (ours instanceof Error && (sqliteCode(error) !== undefined || IndexDamaged.code === codeOf(ours))) {
      return ours.message
    }
    throw ours
  }
}

function codeOf(error: Error): unknown {
  return 'code' in error ? error.code : undefined
}

/** Those of other versions of Towpath too. */
function removeIndex(dir: string): void {
  for (const name of readdirSync(dir)) if (/^index-.*\.sqlite/.test(name)) rmSync(join(dir, name), { force: true })
  rmSync(indexPath(dir), { force: true })
}
