import { globSync, statSync } from 'node:fs'
import { basename, join } from 'node:path'
import { type ReadTx, sql } from '../../src/kernel/index.ts'
import { until } from '../peers/support/process.ts'
import type { Registry } from '../peers/support/registry.ts'
import { orphans } from '../support/orphans.ts'

// A kill leaves a job to whoever takes it once its lease of 30 s is over; then it runs as often as others do.
const LATE_MS = 60_000

/** While clients are at work: nothing stays that has been due for longer than a kill can hold it up. Throws with what does. */
export async function keepsUp(registry: Registry): Promise<void> {
  const { store } = await registry.inside()
  let left: string[] = []
  const none = async () => {
    left = await orphans(store.read, Date.now() - LATE_MS)
    return left.length === 0
  }
  try {
    // A machine that is busy with something else takes its time for all of it.
    await until('collection to keep up', none, { timeoutMs: 150_000, context: () => left.slice(0, 20).join('\n') })
  } finally {
    await store.close()
  }
}

/**
 * With nobody at work all leases end: then there is nothing that nothing needs, in the database, among the blobs or in the folder of
 * uploads, and no row whose bytes are gone. Throws with what is left.
 */
export async function allCollected(registry: Registry): Promise<{ blobs: number }> {
  const { store, blobs } = await registry.inside()
  const uploads = join(registry.home, 'regions/home/uploads')
  let left: string[] = []
  let count = 0
  const done = async () => {
    const rows = await keys(store.read)
    const files = new Set(filesIn(blobs))
    count = rows.size
    left = [
      ...(await orphans(store.read, Number.MAX_SAFE_INTEGER)),
      ...filesIn(uploads).map(name => `upload ${name}`),
      ...[...files].filter(name => !rows.has(name)).map(name => `file ${name} without a row`),
      ...[...rows].filter(name => !files.has(name)).map(name => `row of ${name} without a file`),
    ]
    return left.length === 0
  }
  try {
    const context = () =>
      `${left.length} are left of ${count} blobs\n${left.slice(0, 20).join('\n')}\n${registry.output()}`
    await until('leftovers to be collected', done, { timeoutMs: 150_000, context })
  } finally {
    await store.close()
  }
  return { blobs: count }
}

/** As the names of files have them: digest without its algorithm, and generation. */
async function keys(read: ReadTx): Promise<Set<string>> {
  const rows = await read.all<{ blob_key: string }>(sql`select blob_key from blob`)
  return new Set(rows.map(({ blob_key: key }) => key.slice(key.indexOf(':') + 1)))
}

function filesIn(folder: string): string[] {
  const files = globSync('**/*', { cwd: folder }).filter(name =>
    statSync(join(folder, name), { throwIfNoEntry: false })?.isFile(),
  )
  return files.map(name => basename(name))
}
