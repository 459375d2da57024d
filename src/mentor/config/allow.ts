import { allowFile, digestOf } from './allowed.ts'
import { findConfigs } from './find.ts'
import { parseConfig } from './parse.ts'

export type AllowOptions = { folder: string; state: string; take?: 'back' }

/** What a file says of servers and programs: to be looked at before it is allowed. */
export type Asked = { file: string; model?: unknown; embeddings?: unknown; handlers?: unknown }

/** What the files on the way up would have allowed. */
export async function askedByConfigs(folder: string): Promise<Asked[]> {
  return (await withDigests(folder)).map(({ asked }) => asked)
}

/** Lets the files on the way up say which servers are asked and which programs run, as long as they say just that. */
export async function allowConfigs({ folder, state, take }: AllowOptions): Promise<Asked[]> {
  const found = await withDigests(folder)
  for (const { asked, digest } of found) await allowFile(state, asked.file, take === 'back' ? undefined : digest)
  return found.map(({ asked }) => asked)
}

async function withDigests(folder: string): Promise<{ asked: Asked; digest: string }[]> {
  return (await findConfigs(folder, new Map())).flatMap(found => {
    if (!('text' in found)) return []
    const { parsed } = parseConfig(found.file, found.text)
    const digest = digestOf(parsed)
    if (digest === undefined) return []
    const { model, embeddings, handlers } = parsed
    const programs = handlers.length > 0 ? { handlers: handlers.map(({ value }) => value) } : {}
    const servers = { ...(model ? { model } : {}), ...(embeddings ? { embeddings } : {}) }
    return [{ digest, asked: { file: found.file, ...servers, ...programs } }]
  })
}
