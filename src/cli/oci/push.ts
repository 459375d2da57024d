import { formatReference, isLayout, nameOf, openLayout } from '../../oci/index.ts'
import { artifactOf } from './artifact.ts'
import { hostIn, parseEndpoint, tagOf } from './endpoint.ts'
import { isFolder, itemsOf } from './folder-files.ts'
import { localFiles } from './layout-files.ts'
import { type Common, runAction } from './session.ts'
import { registryAt, transfer } from './transfer.ts'
import { usage } from './usage.ts'

export type PushOptions = Common & { readonly artifactType: string; readonly annotation: readonly string[] }

/** `towpath oci push <path…> <reference>` */
export function push(words: readonly string[], options: PushOptions): Promise<void> {
  const paths = words.slice(0, -1)
  const target = words.at(-1) ?? ''
  return runAction(options, hostIn(target), async session => {
    const endpoint = parseEndpoint(target)
    if (endpoint.kind !== 'registry')
      throw usage('push sends to a registry', 'To write a layout use: towpath oci copy <reference> oci:<folder>')
    const tag = tagOf(endpoint)
    const source = (await layoutAt(paths)) ?? { from: await artifact(paths, options, session.signal), name: undefined }
    const name = 'entries' in source ? await chosen(source.entries, tag) : undefined
    const done = await transfer(session, options, { from: source.from, to: registryAt(session, endpoint), name, tag })
    const { host, repository } = endpoint.ref
    session.print(formatReference({ host, repository, ...(tag === undefined ? {} : { tag }), digest: done.digest }))
  })
}

async function layoutAt(paths: readonly string[]) {
  const [path, ...more] = paths
  if (path === undefined || more.length > 0 || !(await isFolder(path))) return undefined
  const files = localFiles(path)
  if (!(await isLayout(files))) return undefined
  const from = await openLayout(files)
  return { from, entries: await from.entries() }
}

// Of several things in a layout the one that has the name which it will get; of one, that one.
async function chosen(
  entries: Awaited<ReturnType<Awaited<ReturnType<typeof openLayout>>['entries']>>,
  tag: string | undefined,
) {
  return entries.length > 1 && entries.some(entry => nameOf(entry) === tag) ? tag : undefined
}

async function artifact(paths: readonly string[], options: PushOptions, signal: AbortSignal) {
  const annotations = Object.fromEntries(options.annotation.map(pair))
  return artifactOf(await itemsOf(paths), { artifactType: options.artifactType, annotations, signal })
}

function pair(text: string): [string, string] {
  const equals = text.indexOf('=')
  if (equals < 1) throw usage(`${JSON.stringify(text)} is no annotation`, 'Write --annotation <key>=<value>')
  return [text.slice(0, equals), text.slice(equals + 1)]
}
