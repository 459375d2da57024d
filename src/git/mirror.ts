import { createHash } from 'node:crypto'
import type { Clock } from '../kernel/index.ts'
import { openBatch } from './batch.ts'
import { RefRefused } from './failures.ts'
import { oidOf } from './oid-of.ts'
import { isCommit } from './source.ts'
import { listTree, type TreeEntry } from './tree.ts'

/** A bare repository of ours, read without the network. */
export type Mirror = {
  /** The commit that was fetched last for this ref, or for the source's HEAD; undefined where none was. */
  resolve(ref: string | undefined): Promise<string | undefined>
  tree(commit: string, signal?: AbortSignal): AsyncIterable<TreeEntry>
  /** Undefined where it is not here, or has more bytes than `limit`. */
  blob(oid: string, limit: number): Promise<Uint8Array | undefined>
  /** A file of a commit; undefined where either is not here, or has more bytes than `limit`. */
  read(commit: string, path: string, limit: number): Promise<Uint8Array | undefined>
  close(): void
}

/** Where `fetchMirror` keeps what a ref meant when it was last fetched. */
export function keptRef(ref: string | undefined): string {
  return `refs/golden/${createHash('sha256')
    .update(ref ?? 'HEAD')
    .digest('hex')
    .slice(0, 20)}`
}

export function openMirror({ dir, clock }: { dir: string; clock: Clock }): Mirror {
  const batch = openBatch({ dir, clock })
  return {
    resolve: ref => oidOf(`${keptRef(ref)}^{commit}`, { dir, clock }),
    tree: (commit, signal) => listTree({ dir, commit, clock, signal }),
    async blob(oid, limit) {
      if (!isCommit(oid)) throw RefRefused(oid, 'a blob is read by its full hash')
      return blobOf(await batch.read(oid, limit))
    },
    async read(commit, path, limit) {
      if (!isCommit(commit)) throw RefRefused(commit, 'a file is read by the full hash of its commit')
      return blobOf(await batch.read(`${commit}:${path}`, limit))
    },
    close: () => batch.close(),
  }
}

function blobOf(found: { type: string; bytes: Uint8Array | undefined } | undefined): Uint8Array | undefined {
  return found?.type === 'blob' ? found.bytes : undefined
}
