import { constants, type Stats } from 'node:fs'
import { open, realpath, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'

/** A file on the way up; `text` is missing where it is not read, and `why` says so. */
export type Found = { file: string; folder: string } & (
  | { text: string }
  | { why: string; fix: string; severity: 'error' | 'warning' }
)

const NAMES = ['archangel.json', 'archAngel.json']
const LARGEST = 256 * 1024
/** Nobody has so many; a folder that is 4,000 letters deep might. */
const MOST_FILES = 32
const WRITABLE_BY_ALL = 0o002

/**
 * The files from `folder` up to the root, nearest first. `open` holds texts that an editor has not saved yet.
 * Paths are real ones: a way up that goes round in circles is then none.
 */
export async function findConfigs(folder: string, open: ReadonlyMap<string, string>): Promise<Found[]> {
  const start = await realpath(folder)
  const owners = new Set([0, process.getuid?.() ?? 0, (await stat(start)).uid])
  const found: Found[] = []
  for (let at = start; found.length < MOST_FILES; at = dirname(at)) {
    found.push(...(await inFolder(at, { open, owners, above: at !== start })))
    if (dirname(at) === at) break
  }
  return found
}

type Rules = { open: ReadonlyMap<string, string>; owners: ReadonlySet<number>; above: boolean }

async function inFolder(folder: string, rules: Rules): Promise<Found[]> {
  const [first, second] = [await readOne(folder, NAMES[0] ?? '', rules), await readOne(folder, NAMES[1] ?? '', rules)]
  if (!first || !second) return [first ?? second].filter(one => one !== undefined)
  // A disk that does not tell capitals apart has one file of both names.
  if ('text' in first && 'text' in second && first.text === second.text) return [first]
  const { file } = second
  return [
    first,
    { file, folder, severity: 'warning', why: 'is not read beside archangel.json', fix: 'Keep one of the two' },
  ]
}

async function readOne(
  folder: string,
  name: string,
  { open: unsaved, owners, above }: Rules,
): Promise<Found | undefined> {
  const file = join(folder, name)
  const text = unsaved.get(file)
  if (text !== undefined) return { file, folder, text }
  try {
    // A pipe of that name would keep us waiting for whoever writes to it.
    const handle = await open(file, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0))
    try {
      const facts = await handle.stat()
      const refused = refusal(facts, above ? owners : undefined)
      if (refused) return { file, folder, ...refused }
      const bytes = Buffer.alloc(LARGEST + 1)
      const { bytesRead } = await handle.read(bytes, 0, bytes.length, 0)
      return { file, folder, text: bytes.toString('utf8', 0, bytesRead) }
    } finally {
      await handle.close()
    }
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : undefined
    if (code === undefined) throw error
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined
    // Above, others may keep folders of their own.
    const severity = above && code === 'EACCES' ? 'warning' : 'error'
    return { file, folder, severity, why: `can not be read (${code})`, fix: 'Check who may read it, or remove it' }
  }
}

/** Whoever may put a file into a folder above yours, /tmp for one, must not choose for you. */
function refusal(facts: Stats, owners: ReadonlySet<number> | undefined) {
  if (!facts.isFile()) return { severity: 'error', why: 'is no file', fix: 'Remove it, or write a file' } as const
  if (facts.size > LARGEST) {
    return {
      severity: 'error',
      why: `has ${facts.size} bytes, at most ${LARGEST} are read`,
      fix: 'Shorten it',
    } as const
  }
  if (!owners || (owners.has(facts.uid) && !(facts.mode & WRITABLE_BY_ALL))) return undefined
  const why = owners.has(facts.uid)
    ? 'can be written by everyone and is not read'
    : 'belongs to somebody else and is not read'
  return { severity: 'warning', why, fix: 'Make it yours alone, or work in a folder that it is not above' } as const
}
