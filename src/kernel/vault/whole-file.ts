import { dirname } from 'node:path'
import type { Clock } from '../clock.ts'
import type { Disk } from '../disk.ts'
import { isCode } from '../node-disk.ts'

type Place = { disk: Disk; clock: Clock; path: string }

const LARGEST = 256 * 1024

/** The text of a small file; undefined where there is none. */
export async function readWhole(disk: Disk, path: string): Promise<string | undefined> {
  const file = await disk.open(path, 'read').catch(error => {
    if (isCode(error, 'ENOENT')) return undefined
    throw error
  })
  if (!file) return undefined
  try {
    const bytes = Buffer.alloc(Math.min(await file.size(), LARGEST))
    for (let at = 0; at < bytes.length; ) {
      const count = await file.read(bytes.subarray(at), at)
      if (count === 0) break
      at += count
    }
    return bytes.toString('utf8')
  } finally {
    await file.close()
  }
}

/** Whole or not at all, durable on return; false where the file is there already, which then stays. */
export async function createWhole(place: Place, text: string): Promise<boolean> {
  const draft = await writeDraft(place, text)
  try {
    // A link, not a rename: it fails where another process was first.
    await place.disk.link(draft, place.path)
    return true
  } catch (error) {
    if (isCode(error, 'EEXIST')) return false
    throw error
  } finally {
    await place.disk.remove(draft)
    // Also for who came second: what it goes on from must not be lost under it.
    await place.disk.syncDir(dirname(place.path))
  }
}

/** The old text or the new one, whenever the power goes; the new one for good on return. */
export async function replaceWhole(place: Place, text: string): Promise<void> {
  const draft = await writeDraft(place, text)
  try {
    // Read again before the only copy of what is there goes: a disk may have taken it and kept something else.
    if ((await readWhole(place.disk, draft)) !== text) throw new Error(`${draft} does not hold what was written`)
    await place.disk.rename(draft, place.path)
  } catch (error) {
    await place.disk.remove(draft)
    throw error
  }
  await place.disk.syncDir(dirname(place.path))
}

async function writeDraft({ disk, clock, path }: Place, text: string): Promise<string> {
  const draft = `${path}.${Buffer.from(clock.bytes(6)).toString('hex')}.draft`
  const file = await disk.open(draft, 'create')
  try {
    await file.write([Buffer.from(text)], 0)
    await file.sync()
  } finally {
    await file.close()
  }
  return draft
}
