import { createReadStream, createWriteStream } from 'node:fs'
import { lstat, mkdir, readdir, readlink, realpath, rm, stat, symlink } from 'node:fs/promises'
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { failure } from '../../kernel/index.ts'
import { PathEscapes } from './layout-files.ts'
import type { TarEntry } from './tar.ts'

/** A file or folder on this machine that becomes a layer. */
export type Item = { readonly title: string; readonly path: string; readonly folder: boolean }

export const PathMissing = failure('CLI_PATH_MISSING', 404, (path: string) => ({
  says: `There is no file or folder ${JSON.stringify(path)}`,
  next: 'Check the path',
}))
export const NotPortable = failure('CLI_NOT_PORTABLE', 400, (path: string, why: string) => ({
  says: `${JSON.stringify(path)} cannot be pushed: ${why}`,
  next: 'Leave it out, or put a plain file in its place',
}))

export async function isFolder(path: string): Promise<boolean> {
  return (await found(path)).isDirectory()
}

/** One folder gives what is in it, by name; several paths give themselves. */
export async function itemsOf(paths: readonly string[]): Promise<readonly Item[]> {
  const [only, ...others] = paths
  if (only !== undefined && others.length === 0 && (await isFolder(only))) {
    return Promise.all((await names(only)).map(name => itemOf(join(only, name), name)))
  }
  return Promise.all(paths.map(path => itemOf(path, basename(resolve(path)))))
}

export function fileBytes(path: string, from: number, signal?: AbortSignal): AsyncIterable<Uint8Array> {
  return createReadStream(path, {
    start: from,
    highWaterMark: 256 * 1024,
    ...(signal ? { signal } : {}),
  }) as AsyncIterable<Buffer>
}

/** A folder and all below it, in an order that is the same everywhere. Paths begin with `title`. */
export async function* folderEntries(folder: string, title: string): AsyncGenerator<TarEntry> {
  yield* entriesBelow(folder, title, await realpath(folder))
}

async function* entriesBelow(path: string, title: string, root: string): AsyncGenerator<TarEntry> {
  yield { kind: 'folder', path: title }
  for (const name of await names(path)) {
    const full = join(path, name)
    const to = `${title}/${name}`
    const is = await lstat(full)
    if (is.isDirectory()) yield* entriesBelow(full, to, root)
    else if (is.isFile())
      yield {
        kind: 'file',
        path: to,
        size: is.size,
        executable: (is.mode & 0o100) !== 0,
        bytes: () => fileBytes(full, 0),
      }
    else if (is.isSymbolicLink()) yield { kind: 'link', path: to, target: await innerTarget(full, root) }
    else throw NotPortable(full, 'it is neither a file, a folder nor a link')
  }
}

// Only a link that works wherever the folder is put.
async function innerTarget(link: string, root: string): Promise<string> {
  const target = await readlink(link)
  const leads = resolve(await realpath(dirname(link)), target)
  if (resolve(target) === target || !isBelow(root, leads))
    throw NotPortable(link, `it is a link to ${target}, outside of the folder`)
  return target
}

/**
 * Writes an archive's entries below `folder`. An entry named outside of it, or below a link, is refused. Links come
 * last, so that nothing is ever written through one.
 */
export async function unpackInto(
  folder: string,
  entries: AsyncIterable<TarEntry>,
  signal?: AbortSignal,
): Promise<void> {
  const root = await made(folder)
  const links: { at: string; target: string }[] = []
  for await (const entry of entries) {
    const at = resolve(root, entry.path)
    if (at !== root && (!isBelow(root, at) || entry.path.includes('\0'))) throw PathEscapes(folder, entry.path)
    await noLinks(root, entry.kind === 'folder' ? at : dirname(at), folder)
    if (entry.kind === 'folder') await mkdir(at, { recursive: true })
    else if (entry.kind === 'link') links.push({ at, target: entry.target })
    else {
      await mkdir(dirname(at), { recursive: true })
      // Made anew: an older file may be a link, or shared with another name.
      await rm(at, { force: true })
      const file = createWriteStream(at, { flags: 'wx', mode: entry.executable ? 0o755 : 0o644 })
      await pipeline(entry.bytes(), file, ...(signal ? [{ signal }] : []))
    }
  }
  for (const { at, target } of links) {
    if (!staysBelow(root, dirname(at), target)) throw PathEscapes(folder, target)
    await noLinks(root, dirname(at), folder)
    await mkdir(dirname(at), { recursive: true })
    await rm(at, { force: true })
    await symlink(target, at)
  }
}

async function noLinks(root: string, path: string, folder: string): Promise<void> {
  for (let at = path; at !== root; at = dirname(at)) {
    const is = await lstat(at).catch(error => (error.code === 'ENOENT' ? undefined : Promise.reject(error)))
    if (is?.isSymbolicLink()) throw PathEscapes(folder, relative(root, at))
  }
}

async function made(folder: string): Promise<string> {
  await mkdir(folder, { recursive: true })
  return realpath(folder)
}

async function itemOf(path: string, title: string): Promise<Item> {
  const is = await found(path)
  if (is.isDirectory()) return { title, path, folder: true }
  if (is.isFile()) return { title, path, folder: false }
  throw NotPortable(path, 'it is neither a file nor a folder')
}

async function found(path: string) {
  try {
    return await stat(path)
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR'))
      throw PathMissing(path).from(error)
    throw error
  }
}

// By code unit, not by the language of the machine.
async function names(folder: string): Promise<string[]> {
  return (await readdir(folder)).sort()
}

// "..", and then names: a ".." behind a name that is itself a link would lead elsewhere than it looks.
function staysBelow(root: string, folder: string, target: string): boolean {
  const parts = target.split('/').filter(part => part !== '' && part !== '.')
  const down = parts.findIndex(part => part !== '..')
  if (isAbsolute(target) || down < 0 || parts.indexOf('..', down) >= 0) return false
  return isBelow(root, resolve(folder, target))
}

function isBelow(root: string, path: string): boolean {
  return path.startsWith(root.endsWith(sep) ? root : `${root}${sep}`)
}
