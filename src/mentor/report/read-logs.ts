import { constants } from 'node:fs'
import { open, readdir, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { failure } from '../../kernel/index.ts'
import type { ReadLogs } from './make-report.ts'
import { type Run, readSarifLog } from './sarif-log.ts'

/** A year of a busy team. */
const MOST_FILES = 5000
const LARGEST = 32 * 1024 * 1024
const NAMES = /\.(sarif|sarif\.json|json)$/i

export const LogsMissing = failure('MENTOR_LOGS_MISSING', 404, (path: string, why: string) => ({
  says: `${path} gives no SARIF (${why})`,
  next: 'Name files, or a folder of files, that were written by: towpath mentor check --format sarif',
}))

/** Files as they are named; of folders those in them that end with .sarif or .json, at most 5,000. */
export async function readLogs(paths: readonly string[]): Promise<ReadLogs> {
  const files = (await Promise.all(paths.map(filesOf))).flat()
  const runs: Run[] = []
  const left: { file: string; why: string }[] = files
    .slice(MOST_FILES)
    .map(file => ({ file: basename(file), why: 'is one too many' }))
  for (const file of files.slice(0, MOST_FILES)) {
    const found = await readOne(file)
    if (typeof found === 'string') left.push({ file: basename(file), why: found })
    else runs.push(...found)
  }
  return { runs, left }
}

async function filesOf(path: string): Promise<string[]> {
  const facts = await stat(path).catch(error => {
    throw LogsMissing(path, String(error.code ?? error)).from(error)
  })
  if (!facts.isDirectory()) return [path]
  const files = await walk(path)
  if (files.length === 0) throw LogsMissing(path, 'no file in it ends with .sarif or .json')
  return files
}

/** Links are not followed: one may lead back up, which Node's own recursive readdir goes round forty times. */
async function walk(folder: string): Promise<string[]> {
  const found: string[] = []
  const entries = await readdir(folder, { withFileTypes: true })
  for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) found.push(...(await walk(path)))
    else if (entry.isFile() && NAMES.test(entry.name)) found.push(path)
    if (found.length > MOST_FILES) break
  }
  return found
}

async function readOne(file: string): Promise<Run[] | string> {
  try {
    const handle = await open(file, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0))
    try {
      const facts = await handle.stat()
      if (!facts.isFile()) return 'is no file'
      if (facts.size > LARGEST) return 'is larger than 32 MiB'
      return readSarifLog(await handle.readFile('utf8'))
    } finally {
      await handle.close()
    }
  } catch (error) {
    if (!(error instanceof Error) || !('code' in error)) throw error
    return `can not be read (${error.code})`
  }
}
