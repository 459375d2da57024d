import { LRUCache } from 'lru-cache'
import { type ReadTx, type Soon, sql } from '../../kernel/index.ts'
import { type Digest, isDigest } from '../../oci/index.ts'
import type { RepoRef } from '../content/change.ts'
import { refuseUnreadable } from '../locks/readable.ts'

/** Bytes and type never change under a digest, so one is shared by all requests: nobody writes to it. */
export type StoredManifest = {
  readonly digest: Digest
  readonly mediaType: string
  readonly bytes: Uint8Array
  /** Its ETag, quotes included. */
  readonly etag: string
  /** Names and values in turn, as `writeHead` takes them at the least cost. */
  readonly headers: string[]
}

/** `guarded`: 1 where something in the repository may not be pulled. */
type Found = { digest: Digest; media_type: string; guarded: number }

// What a small manifest takes beside its bytes: key, headers, the map's own entry.
const OVERHEAD_BYTES = 1024

/** Tags and existence are read at every request; bytes only where memory does not have them. */
export class Manifests {
  readonly #read: ReadTx
  readonly #cache: LRUCache<string, StoredManifest>

  constructor(read: ReadTx, cacheBytes: number) {
    this.#read = read
    this.#cache = new LRUCache({
      maxSize: Math.max(1, cacheBytes),
      sizeCalculation: manifest => manifest.bytes.length + OVERHEAD_BYTES,
    })
  }

  get(repo: RepoRef, reference: string): Soon<StoredManifest | undefined> {
    const { registryId, repository } = repo
    const found = this.#read.one<Found>(
      isDigest(reference)
        ? sql`select digest, media_type, coalesce((select 1 from attribute where registry_id = ${registryId}
              and repository = ${repository} and field = 'read' and enabled = 0 limit 1), 0) as guarded from manifest
            where registry_id = ${registryId} and repository = ${repository} and digest = ${reference}`
        : sql`select digest, media_type, coalesce((select 1 from attribute where registry_id = ${registryId}
              and repository = ${repository} and field = 'read' and enabled = 0 limit 1), 0) as guarded from tag
            where registry_id = ${registryId} and repository = ${repository} and name = ${reference}`,
    )
    return found instanceof Promise
      ? found.then(row => this.#admit(repo, reference, row))
      : this.#admit(repo, reference, found)
  }

  #admit(repo: RepoRef, reference: string, found: Found | undefined): Soon<StoredManifest | undefined> {
    if (!found?.guarded) return this.#open(repo, found)
    return refuseUnreadable(this.#read, repo, { reference, digest: found.digest }).then(() => this.#open(repo, found))
  }

  #open(repo: RepoRef, found: Found | undefined): Soon<StoredManifest | undefined> {
    if (found === undefined) return undefined
    const held = this.#cache.get(`${found.digest} ${found.media_type}`)
    return held ?? this.#load(repo, found)
  }

  async #load({ registryId, repository }: RepoRef, found: Found): Promise<StoredManifest | undefined> {
    const row = await this.#read.one<{ body: Uint8Array }>(sql`select body from manifest
      where registry_id = ${registryId} and repository = ${repository} and digest = ${found.digest}`)
    if (!row) return undefined
    const manifest = prepare(found.digest, found.media_type, row.body)
    this.#cache.set(`${found.digest} ${found.media_type}`, manifest)
    return manifest
  }
}

function prepare(digest: Digest, mediaType: string, bytes: Uint8Array): StoredManifest {
  const etag = `"${digest}"`
  const headers = [
    'Content-Type',
    mediaType,
    'Content-Length',
    String(bytes.length),
    'Docker-Content-Digest',
    digest,
    'Docker-Distribution-Api-Version',
    'registry/2.0',
    'ETag',
    etag,
  ]
  return { digest, mediaType, bytes, etag, headers }
}
