import { createHash } from 'node:crypto'
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import type { ParsedFile } from './parse.ts'

/** By file: what the user allowed it to say, as a hash. Whoever changes one letter of it asks again. */
export type Allowed = Readonly<Record<string, string>>

const MOST_FILES = 1000
const shape = z.record(z.string(), z.string().regex(/^[0-9a-f]{64}$/))

/** Of what sends keys and code elsewhere or runs programs; undefined where the file says nothing of it. */
export function digestOf({ model, embeddings, handlers }: ParsedFile): string | undefined {
  if (!model && !embeddings && handlers.length === 0) return undefined
  const said = JSON.stringify([model ?? null, embeddings ?? null, handlers.map(({ value }) => value)])
  return createHash('sha256').update(said).digest('hex')
}

/** A file that can't be read allows nothing. */
export async function readAllowed(state: string): Promise<Allowed> {
  try {
    return shape.parse(JSON.parse(await readFile(pathOf(state), 'utf8')))
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof z.ZodError || isMissing(error)) return {}
    throw error
  }
}

/** For this machine and user; undefined takes it back. */
export async function allowFile(state: string, file: string, digest: string | undefined): Promise<void> {
  const { [file]: _, ...others } = await readAllowed(state)
  const kept = Object.entries(others).slice(-MOST_FILES + 1)
  const path = pathOf(state)
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  const draft = `${path}.${process.pid}.draft`
  const all = Object.fromEntries(digest === undefined ? kept : [...kept, [file, digest]])
  await rm(draft, { force: true })
  await writeFile(draft, `${JSON.stringify(all, null, 2)}\n`, { mode: 0o600, flag: 'wx' })
  await rename(draft, path)
}

function pathOf(state: string): string {
  return join(state, 'allowed.json')
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT'
}
