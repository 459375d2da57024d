import { constants } from 'node:fs'
import { open, realpath } from 'node:fs/promises'
import { resolve } from 'node:path'
import { pathUnder } from './glob.ts'
import type { Layer } from './merge.ts'
import type { DocumentSettings, MentorConfig } from './types.ts'

const LARGEST = 64 * 1024
const KINDS = ['codeStyle', 'wiki'] as const
const PARTS = ['template', 'prompt'] as const

/** Templates and prompts, nearest first: their text, since it may go to a model, only from the folder that asks for it. */
export async function readDocuments(layers: readonly Layer[]): Promise<MentorConfig['documents']> {
  const found: MentorConfig['documents'] = { codeStyle: {}, wiki: {} }
  for (const layer of layers) {
    for (const kind of KINDS) found[kind] = { ...found[kind], ...(await readKind(layer, kind)) }
  }
  return found
}

async function readKind(layer: Layer, kind: (typeof KINDS)[number]): Promise<DocumentSettings> {
  const said = layer.parsed.documents?.[kind] ?? {}
  const settings: DocumentSettings = {}
  for (const part of PARTS) {
    const path = said[part]
    if (path === undefined) continue
    const read = await readPart(layer.folder, path)
    if ('text' in read) settings[part] = read.text
    else layer.complain(['documents', kind, part], read)
  }
  return settings
}

async function readPart(folder: string, path: string): Promise<{ text: string } | { says: string; fix: string }> {
  const outside = { says: 'leads out of the folder of this file', fix: 'Put the text beside this file' }
  if (pathUnder(folder, resolve(folder, path)) === undefined) return outside
  try {
    // A link would carry a private file into a document, or to a model.
    const real = await realpath(resolve(folder, path))
    if (pathUnder(folder, real) === undefined) return outside
    const handle = await open(real, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0))
    try {
      const facts = await handle.stat()
      if (!facts.isFile() || facts.size > LARGEST)
        return { says: 'is no file of at most 64 KiB', fix: 'Name a shorter text' }
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(LARGEST), 0, LARGEST, 0)
      return { text: buffer.toString('utf8', 0, bytesRead) }
    } finally {
      await handle.close()
    }
  } catch (error) {
    if (!(error instanceof Error) || !('code' in error)) throw error
    return { says: `can not be read (${error.code})`, fix: 'Check the path: it goes from the folder of this file' }
  }
}
