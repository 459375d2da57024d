import { basename, dirname } from 'node:path'
import type { Ms } from '../clock.ts'
import type { Disk, DiskFile } from '../disk.ts'
import { Names } from './names.ts'
import { type Content, createContent } from './pages.ts'
import { SimProcess } from './process.ts'
import { createRandom, type Random } from './random.ts'

export type DiskOperation =
  | 'open'
  | 'rename'
  | 'link'
  | 'remove'
  | 'list'
  | 'stat'
  | 'makeDir'
  | 'syncDir'
  | 'free'
  | 'size'
  | 'read'
  | 'write'
  | 'truncate'
  | 'sync'
  | 'close'

/** Asked before each operation; a code such as `EIO` makes it fail. */
export type DiskFault = (operation: DiskOperation, path: string) => string | undefined

export type SimDiskOptions = {
  random?: Random
  /** Awaited before each operation takes effect: the scheduler's, so that others come in between. */
  pause?: (label: string) => Promise<void>
  /** Modification times. */
  now?: () => Ms
  capacity?: number
  /** At a crash, data that was not synced may also survive in whole or in part. */
  torn?: boolean
}

type Folder = { readonly kind: 'folder' }
type File = { readonly kind: 'file'; readonly content: Content; modified: Ms; opened: number; names: number }
type Node = Folder | File

const BLOCK = 4096

/** A disk that keeps, at a crash, what was synced and nothing else for sure. */
export class SimDisk {
  /** Set it to make operations fail. */
  fault: DiskFault = () => undefined
  /** Data syncs and folder syncs that were done. */
  readonly syncs = { data: 0, folder: 0 }
  capacity: number
  readonly #random: Random
  readonly #pause: (label: string) => Promise<void>
  readonly #now: () => Ms
  readonly #torn: boolean
  readonly #names = new Names<Node>()
  /** Files with a name or open: they take up room. */
  #live = new Set<File>()

  constructor(options: SimDiskOptions = {}) {
    this.#random = (options.random ?? createRandom(0)).fork('disk')
    this.#pause = options.pause ?? (async () => undefined)
    this.#now = options.now ?? (() => 0)
    this.capacity = options.capacity ?? Number.POSITIVE_INFINITY
    this.#torn = options.torn ?? false
  }

  /** The power goes. Processes that had the disk must be dead before. */
  crash(): void {
    for (const node of this.#names.nodes()) {
      if (node.kind === 'file') node.content.crash(this.#torn ? this.#random : undefined)
    }
    this.#names.crash(this.#random)
    this.#live = new Set()
    for (const [, node] of this.#names.entries()) {
      if (node.kind !== 'file') continue
      node.names = this.#live.has(node) ? node.names + 1 : 1
      node.opened = 0
      this.#live.add(node)
    }
  }

  /** All files there are, as everybody sees them; no operation, nothing fails. For checkers. */
  files(): Map<string, number> {
    const files = [...this.#names.entries()].flatMap(([path, node]) =>
      node.kind === 'file' ? [[path, node.content.size] as const] : [],
    )
    return new Map(files.sort(([a], [b]) => (a < b ? -1 : 1)))
  }

  used(): number {
    let used = 0
    for (const file of this.#live) used += blocks(file.content.size)
    return used
  }

  /** The disk as one process has it. */
  mount(process: SimProcess = new SimProcess('process')): Disk {
    /** `effect` runs at one moment, after the pause; a process that died meanwhile does nothing more. */
    const operate = <T>(operation: DiskOperation, path: string, effect: () => T): Promise<T> => {
      const operated = this.#pause(`${process.name} ${operation} ${path}`).then(() => {
        if (!process.alive) return undefined as T
        const code = this.fault(operation, path)
        if (code) throw systemError(code, operation, path)
        // `fault` may have been what killed it: a crash at exactly this operation.
        return process.alive ? effect() : (undefined as T)
      })
      return process.sees(operated)
    }
    return {
      open: (path, mode) =>
        operate('open', path, () => {
          const held = this.#names.get(path)
          if (mode === 'create' && held) throw systemError('EEXIST', 'open', path)
          if (mode !== 'create' && !held) throw systemError('ENOENT', 'open', path)
          if (held?.kind === 'folder') throw systemError('EISDIR', 'open', path)
          return this.#open(path, held ?? this.#create(path), mode !== 'read', process, operate)
        }),
      rename: (from, to) =>
        operate('rename', `${from} ${to}`, () => {
          const node = this.#names.get(from)
          if (!node) throw systemError('ENOENT', 'rename', from)
          this.#needFolder(to, 'rename')
          const replaced = this.#names.get(to)
          if (from === to) return
          this.#names.rename(from, to)
          if (replaced?.kind === 'file') this.#release(replaced, 'names')
        }),
      link: (from, to) =>
        operate('link', `${from} ${to}`, () => {
          const node = this.#names.get(from)
          if (node?.kind !== 'file') throw systemError(node ? 'EPERM' : 'ENOENT', 'link', from)
          this.#needFolder(to, 'link')
          if (this.#names.has(to)) throw systemError('EEXIST', 'link', to)
          this.#names.create(to, node)
          node.names += 1
        }),
      remove: path =>
        operate('remove', path, () => {
          const node = this.#names.get(path)
          if (node?.kind === 'folder') throw systemError('EISDIR', 'unlink', path)
          if (!node) return false
          this.#names.remove(path)
          this.#release(node, 'names')
          return true
        }),
      list: dir =>
        operate('list', dir, () =>
          [...this.#names.entries()]
            .flatMap(([path]) => (dirname(path) === dir && path !== dir ? [basename(path)] : []))
            .sort(),
        ),
      stat: path =>
        operate('stat', path, () => {
          const node = this.#names.get(path)
          if (!node) return undefined
          return node.kind === 'file' ? { size: node.content.size, modified: node.modified } : { size: 0, modified: 0 }
        }),
      makeDir: path => operate('makeDir', path, () => this.#makeDir(path)),
      syncDir: path =>
        operate('syncDir', path, () => {
          if (path !== '/' && path !== '.' && this.#names.get(path)?.kind !== 'folder') {
            throw systemError('ENOENT', 'open', path)
          }
          this.#names.sync(path)
          this.syncs.folder += 1
        }),
      free: path => operate('free', path, () => Math.max(0, this.capacity - this.used())),
    }
  }

  #open(path: string, file: File, writable: boolean, process: SimProcess, operate: Operate): DiskFile {
    file.opened += 1
    let open = true
    const close = () => {
      if (open) this.#release(file, 'opened')
      open = false
    }
    process.onDeath(close)
    const on = <T>(operation: DiskOperation, effect: () => T) =>
      operate(operation, path, () => {
        if (!open) throw systemError('EBADF', operation, path)
        return effect()
      })
    const change = (operation: DiskOperation, effect: () => void) =>
      on(operation, () => {
        if (!writable) throw systemError('EBADF', operation, path)
        file.modified = this.#now()
        effect()
      })
    return {
      size: () => on('size', () => file.content.size),
      read: (into, position) => on('read', () => file.content.read(into, position)),
      write: (chunks, position) => change('write', () => this.#write(path, file, chunks, position)),
      truncate: size => change('truncate', () => file.content.truncate(size)),
      sync: () =>
        on('sync', () => {
          file.content.sync()
          this.syncs.data += 1
        }).catch(error => {
          // As Linux does: pages that could not be written count as clean, and the next sync says all is well.
          file.content.forget()
          throw error
        }),
      close: () => on('close', close),
    }
  }

  #release(file: File, hold: 'names' | 'opened'): void {
    file[hold] -= 1
    if (file.names === 0 && file.opened === 0) this.#live.delete(file)
  }

  /** On a full disk what still fits is written, and then it fails: as the real one does. */
  #write(path: string, file: File, chunks: readonly Uint8Array[], position: number): void {
    const room = this.capacity - (this.used() - blocks(file.content.size))
    const end = Math.floor(room / BLOCK) * BLOCK
    let at = position
    for (const chunk of chunks) {
      const fits = Math.max(0, Math.min(chunk.length, end - at))
      file.content.write(chunk.subarray(0, fits), at)
      if (fits < chunk.length) throw systemError('ENOSPC', 'write', path)
      at += fits
    }
  }

  #create(path: string): File {
    this.#needFolder(path, 'open')
    if (this.used() + BLOCK > this.capacity) throw systemError('ENOSPC', 'open', path)
    const file: File = { kind: 'file', content: createContent(), modified: this.#now(), opened: 0, names: 1 }
    this.#names.create(path, file)
    this.#live.add(file)
    return file
  }

  #makeDir(path: string): void {
    if (path === '/' || path === '.') return
    const node = this.#names.get(path)
    if (node?.kind === 'file') throw systemError('EEXIST', 'mkdir', path)
    if (node) return
    this.#makeDir(dirname(path))
    this.#names.create(path, { kind: 'folder' })
  }

  #needFolder(path: string, call: string): void {
    const dir = dirname(path)
    if (dir !== '/' && dir !== '.' && this.#names.get(dir)?.kind !== 'folder') throw systemError('ENOENT', call, path)
  }
}

function blocks(size: number): number {
  return Math.ceil(size / BLOCK) * BLOCK
}

type Operate = <T>(operation: DiskOperation, path: string, effect: () => T) => Promise<T>

/** As the system words it. */
export function systemError(code: string, call: string, path: string): Error {
  return Object.assign(new Error(`${code}: simulated, ${call} '${path}'`), { code, syscall: call, path })
}
