import type { Ms } from './clock.ts'

/**
 * The disk as the blob store sees it: `nodeDisk` is the real one, `SimDisk` one that loses what was
 * not synced. Paths are absolute or relative to the process; every error is the system's own (`ENOSPC` …).
 */
export type Disk = {
  /** `create` fails with EEXIST where the file is; the others fail with ENOENT where it is not. */
  open(path: string, mode: 'create' | 'read' | 'write'): Promise<DiskFile>
  /** Atomic. Durable only after `syncDir` of the target's folder. */
  rename(from: string, to: string): Promise<void>
  /** A second name for a file; fails with EEXIST where the name is taken. Durable as a rename is. */
  link(from: string, to: string): Promise<void>
  /** False where there was nothing. */
  remove(path: string): Promise<boolean>
  /** Names in a folder, sorted; empty where there is no folder. */
  list(dir: string): Promise<string[]>
  stat(path: string): Promise<{ size: number; modified: Ms } | undefined>
  makeDir(path: string): Promise<void>
  /** Makes renames, creations and removals in the folder durable. */
  syncDir(path: string): Promise<void>
  /** Bytes an unprivileged writer can still use on the file system that holds `path`. */
  free(path: string): Promise<number>
}

export type DiskFile = {
  size(): Promise<number>
  /** Fills at most `into.length` bytes from `position`; 0 at the end. */
  read(into: Uint8Array, position: number): Promise<number>
  /** Writes all of it or throws. */
  write(chunks: readonly Uint8Array[], position: number): Promise<void>
  truncate(size: number): Promise<void>
  /** Durable on return. */
  sync(): Promise<void>
  close(): Promise<void>
}
