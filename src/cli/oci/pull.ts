import { dirname, join } from 'node:path'
import { Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { failure } from '../../kernel/index.ts'
import {
  createLayout,
  type Descriptor,
  digestHex,
  each,
  type Files,
  formatPlatform,
  type Source,
  saveBlob,
} from '../../oci/index.ts'
import { titleOf, unpackMark } from './artifact.ts'
import { sourceAt } from './copy.ts'
import { hostIn, parseEndpoint, tagOf } from './endpoint.ts'
import { unpackInto } from './folder-files.ts'
import { localFiles } from './layout-files.ts'
import { type Common, runAction, type Session } from './session.ts'
import { transfer } from './transfer.ts'
import { unpackTar } from './untar.ts'

export type PullOptions = Common & { readonly out: string; readonly layout?: boolean; readonly referrers?: boolean }

export const NotFiles = failure('CLI_NOT_FILES', 409, (reference: string, what: string) => ({
  says: `${reference} is ${what}, not files with names`,
  next: 'Pull it as an OCI layout: add --layout',
}))

/** `towpath oci pull <reference>`: the files of an artifact into a folder, or anything at all into a layout. */
export function pull(reference: string, options: PullOptions): Promise<void> {
  return runAction(options, hostIn(reference), async session => {
    const endpoint = parseEndpoint(reference)
    const from = await sourceAt(session, endpoint)
    if (options.layout) {
      const to = await createLayout(localFiles(options.out))
      const more = options.referrers ? { referrers: true } : {}
      const done = await transfer(session, options, { from, to, name: endpoint.name, tag: tagOf(endpoint), ...more })
      session.print(`oci:${options.out}@${done.digest}`)
      return
    }
    const { manifest, digest } = await from.manifest(endpoint.name, session.signal)
    if (manifest.kind === 'index') {
      const platforms = manifest.manifests.map(one => formatPlatform(one.platform)).filter(text => text !== '')
      throw NotFiles(reference, `an index of ${manifest.manifests.length} manifests (${platforms.join(', ')})`)
    }
    const named = manifest.layers.filter(layer => layer.annotations?.[titleOf] !== undefined)
    if (named.length === 0) throw NotFiles(reference, 'a container image')
    const titles = new Set(named.map(layer => layer.annotations?.[titleOf]))
    if (titles.size < named.length) throw NotFiles(reference, 'an artifact with two files of one name')
    session.progress.expect(named.reduce((sum, layer) => sum + layer.size, 0))
    await each(named, options.concurrency ?? 4, layer => fetchFile(session, from, layer, options.out))
    session.progress.say(`digest   ${digest}`)
  })
}

async function fetchFile(session: Session, from: Source, layer: Descriptor, out: string): Promise<void> {
  const title = layer.annotations?.[titleOf] ?? ''
  const files = localFiles(out)
  const folder = layer.annotations?.[unpackMark] === 'true'
  const path = folder ? join(dirname(title), `.${digestHex(layer.digest).slice(0, 16)}.tar.gz`) : title
  const outcome = await saveBlob(files, path, layer, start => from.blob(layer, start, session.signal), {
    onBytes: at => session.progress.at(title, title, at, layer.size),
    signal: session.signal,
  })
  if (folder) await unpackFolder(files, path, out, session.signal)
  session.progress.at(title, title, layer.size, layer.size, outcome === 'sent' ? 'pulled' : outcome)
  session.print(join(out, title))
}

async function unpackFolder(files: Files, archive: string, out: string, signal: AbortSignal): Promise<void> {
  const zipped = Readable.from(files.stream(archive, 0, signal), { objectMode: false })
  const gunzip = createGunzip()
  zipped.on('error', error => gunzip.destroy(error)).pipe(gunzip)
  // The names in the archive begin with the title, so it is unpacked beside the files.
  await unpackInto(join(out, dirname(archive)), unpackTar(gunzip as AsyncIterable<Buffer>), signal)
  await files.remove(archive)
}
