import { createHash, randomUUID } from 'node:crypto'
import { mkdir, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

/** Where an editor opens what was made for a project; the last one of each name. Gives its URI. */
export async function putDocument(dir: string, root: string, name: string, text: string): Promise<string> {
  const folder = join(dir, createHash('sha256').update(root).digest('hex').slice(0, 16))
  const target = join(folder, name)
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const draft = join(folder, `.${randomUUID()}.draft`)
  await writeFile(draft, text, { mode: 0o600, flag: 'wx' })
  await rename(draft, target)
  return pathToFileURL(target).href
}
