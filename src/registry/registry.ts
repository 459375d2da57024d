import { type AuditEntry, recordAlone } from '../audit/index.ts'
import {
  type BlobStore,
  type ByteRange,
  type ByteSource,
  type Clock,
  Failure,
  type HashAlgorithm,
  readAll,
  type Soon,
  type Store,
} from '../kernel/index.ts'
import { type Digest, digestAlgorithm, digestOf, type ImageSettings, readImageSettings } from '../oci/index.ts'
import type { RepoRef } from './content/change.ts'
import { isDescribed, readPlatform } from './content/describe.ts'
import { manifestFacts } from './content/manifest-facts.ts'
import type { ContentFrom, ContentOrigin } from './content/record-content.ts'
import {
  deleteBlob,
  deleteManifest,
  deleteTag,
  keepBlob,
  mountBlob,
  pushBlob,
  pushManifest,
  setAttributes,
} from './content/writes.ts'
import { ManifestDigestMismatch } from './failures.ts'
import type { RegistryLimits } from './limits.ts'
import type { Attributes, Subject } from './locks/attributes.ts'
import { refuseLockedPush } from './locks/locks.ts'
import { HoldingPolicies } from './policies/holding.ts'
import type { ServedPolicy } from './policies/policy.ts'
import { PullCounter } from './pulls/counter.ts'
import { QuotaExceeded } from './quota/failures.ts'
import { Quotas } from './quota/quotas.ts'
import { type BlobRow, Blobs, SMALL_BLOB_BYTES } from './read/blobs.ts'
import { type Listed, listReferrers, listRepositories, listTags, type Page } from './read/lists.ts'
import { type ManifestTree, readTree } from './read/manifest-tree.ts'
import { Manifests, type StoredManifest } from './read/manifests.ts'
import { Metadata } from './read/metadata.ts'
import { findMountSource } from './read/mount.ts'
import { deleteRepository, type Gone } from './removal/delete-repository.ts'
import { Trash } from './trash/trash.ts'
import { type Body, type ChunkRange, type Committed, Uploads } from './uploads/uploads.ts'
import { Moved } from './usage/moved.ts'

export type ManifestPush = {
  bytes: Uint8Array
  /** Of the request; the document's own must agree. */
  contentType?: string | undefined
  /** Where given the bytes must have it, else theirs is sha256. */
  digest?: Digest | undefined
  tags: readonly string[]
  /** Refused where one of the tags leads to something else. */
  newTags?: boolean
}
export type ManifestPushed = { digest: Digest; subject: string }

type Parts = {
  store: Store
  blobs: BlobStore
  clock: Clock
  region: string
  /** Upload ids begin with it: unique among the processes that share the folder of uploads. */
  node: string
  limits: RegistryLimits
  /** Of all registries, as the region has heard them. */
  policies: () => readonly ServedPolicy[]
}

// They have kilobytes.
const LARGEST_CONFIG = 1024 * 1024

/** One region's content, without HTTP and without asking who may. Names, tags and digests come checked. */
export class Registry {
  readonly limits: RegistryLimits
  readonly uploads: Uploads
  readonly node: string
  readonly metadata: Metadata
  readonly pulls = new PullCounter()
  readonly moved = new Moved()
  readonly trash: Trash
  readonly #store: Store
  readonly #blobStore: BlobStore
  readonly #region: string
  readonly #clock: Clock
  readonly #policies: HoldingPolicies
  readonly #quotas: Quotas
  readonly #manifests: Manifests
  readonly #blobs: Blobs

  constructor(parts: Parts) {
    this.limits = parts.limits
    this.node = parts.node
    this.uploads = new Uploads({ ...parts, moved: this.moved })
    this.metadata = new Metadata(parts.store.read)
    this.#store = parts.store
    this.#blobStore = parts.blobs
    this.#region = parts.region
    this.#clock = parts.clock
    this.#policies = new HoldingPolicies(parts.policies)
    this.trash = new Trash({ ...parts, policies: this.#policies })
    this.#quotas = new Quotas({ read: parts.store.read, policies: this.#policies })
    this.#manifests = new Manifests(parts.store.read, parts.limits.cacheBytes / 2)
    this.#blobs = new Blobs(parts.store.read, parts.blobs, parts.limits.cacheBytes / 2)
  }

  /** Refused where the repository is locked: its blob would be, once all its bytes were sent. */
  async startUpload(repo: RepoRef, algorithm: HashAlgorithm = 'sha256'): Promise<{ id: string }> {
    await refuseLockedPush(this.#store.read, repo)
    await this.#quotas.refuseFull(repo)
    return { id: await this.uploads.start(repo, algorithm) }
  }

  async uploadStatus(repo: RepoRef, id: string): Promise<{ size: number }> {
    return { size: await this.uploads.size(repo, id) }
  }

  async appendUpload(repo: RepoRef, id: string, body: Body, range?: ChunkRange): Promise<{ size: number }> {
    return { size: await this.uploads.append(repo, id, body, range) }
  }

  /** The blob is durable and linked when this resolves. */
  async finishUpload(repo: RepoRef, id: string, digest: Digest, body?: Body, range?: ChunkRange): Promise<void> {
    await this.#link(repo, digest, await this.uploads.finish(repo, id, digest, body, range))
  }

  /** A whole blob in one go; nothing of it stays where it fails. */
  async pushBlob(repo: RepoRef, digest: Digest, body: Body): Promise<void> {
    const { id } = await this.startUpload(repo, digestAlgorithm(digest))
    try {
      await this.uploads.append(repo, id, body)
    } catch (error) {
      // Nobody knows its id, so nobody can go on with it.
      await this.uploads.drop(id)
      throw error
    }
    await this.finishUpload(repo, id, digest)
  }

  cancelUpload(repo: RepoRef, id: string): Promise<void> {
    return this.uploads.cancel(repo, id)
  }

  /** False where no repository that the caller may read has the blob; `from` undefined looks in all of them. */
  async mountBlob(
    repo: RepoRef,
    from: string | undefined,
    digest: Digest,
    mayRead: (repository: string) => boolean,
  ): Promise<boolean> {
    const source = await findMountSource(this.#store.read, repo, digest, from, mayRead)
    if (source === undefined) return false
    const { registryId, repository } = repo
    const mount = {
      registryId,
      repository,
      from: source,
      digest,
      keepFor: this.limits.uploadIdle,
      region: this.#region,
    }
    return this.#quotas.mount(repo, digest, () => this.#store.write(mountBlob, mount))
  }

  statBlob(repo: RepoRef, digest: Digest): Soon<BlobRow | undefined> {
    return this.#blobs.stat(repo, digest)
  }

  /** Small blobs that memory has, at once; else undefined. */
  heldBlob(row: BlobRow): Uint8Array | undefined {
    return this.#blobs.held(row)
  }

  holdBlob(row: BlobRow): Promise<Uint8Array | undefined> {
    return this.#blobs.hold(row)
  }

  isSmall(row: BlobRow): boolean {
    return row.size <= SMALL_BLOB_BYTES
  }

  readBlob(row: BlobRow, range?: ByteRange): Promise<ByteSource | undefined> {
    return this.#blobs.open(row, range)
  }

  async openBlob(repo: RepoRef, digest: Digest, range?: ByteRange): Promise<ByteSource | undefined> {
    const row = await this.statBlob(repo, digest)
    return row && this.readBlob(row, range)
  }

  /**
   * To be called before a client learns that it need not push the blob: one that waits for a manifest then waits as
   * long again; false where it is gone by now. Undefined, and no I/O, for nearly all blobs.
   */
  keepBlob({ registryId, repository }: RepoRef, digest: Digest, row: BlobRow): Promise<boolean> | undefined {
    const keepFor = this.limits.uploadIdle
    // Once in half the time is enough: HEAD must not cost a write each time.
    if (row.review_at === 0 || row.review_at > this.#clock.now() + keepFor / 2) return undefined
    return this.#store.write(keepBlob, { registryId, repository, digest, keepFor })
  }

  deleteBlob({ registryId, repository }: RepoRef, digest: Digest, by: ContentOrigin): Promise<boolean> {
    const keepFor = this.limits.reclaimDelay
    return this.#store.write(deleteBlob, { registryId, repository, digest, keepFor, from: this.#from(by) })
  }

  async putManifest(repo: RepoRef, push: ManifestPush, by: ContentOrigin): Promise<ManifestPushed> {
    const { registryId, repository } = repo
    const { bytes, tags, newTags = false } = push
    const digest = digestOf(bytes, push.digest ? digestAlgorithm(push.digest) : 'sha256')
    if (push.digest && push.digest !== digest) throw ManifestDigestMismatch(push.digest, digest)
    const read = manifestFacts(bytes, push.contentType, digest, this.limits.manifestBytes)
    const platform = await this.#platform({ registryId, repository }, digest, read.imageConfig)
    const facts = platform ? { ...read, platform } : read
    const from = this.#from(by)
    const immutable = this.#policies.immutable({ registryId, repository })
    const whole = { registryId, repository, digest, bytes, facts, tags, newTags, immutable, from }
    await this.#quotas.manifest(repo, digest, bytes.length, () => this.#store.write(pushManifest, whole))
    const moved = this.moved.of(registryId)
    moved.pushes += 1
    moved.bytesIn += bytes.length
    return { digest, subject: facts.subject }
  }

  /** By tag or digest. */
  getManifest(repo: RepoRef, reference: string): Soon<StoredManifest | undefined> {
    return this.#manifests.get(repo, reference)
  }

  /** What it consists of and what belongs to it; undefined where it is not here. */
  async readTree(repo: RepoRef, digest: Digest): Promise<ManifestTree | undefined> {
    const stored = await this.getManifest(repo, digest)
    return stored && readTree({ read: this.#store.read, metadata: this.metadata }, repo, stored)
  }

  /** How an image runs; undefined where its config is not here, or larger than any that says it. */
  async readSettings(repo: RepoRef, config: Digest): Promise<ImageSettings | undefined> {
    const row = await this.statBlob(repo, config)
    if (!row || row.size > LARGEST_CONFIG) return undefined
    const source = await this.readBlob(row)
    return source && readImageSettings(await readAll(source, LARGEST_CONFIG))
  }

  /** Its tags go with it. */
  deleteManifest(repo: RepoRef, digest: Digest, by: ContentOrigin): Promise<boolean> {
    const { registryId, repository } = repo
    const keepFor = this.limits.reclaimDelay
    const ruled = this.#ruled(repo, by)
    return this.#store.write(deleteManifest, { registryId, repository, digest, keepFor, ...ruled })
  }

  deleteTag(repo: RepoRef, tag: string, by: ContentOrigin): Promise<boolean> {
    const { registryId, repository } = repo
    const ruled = this.#ruled(repo, by)
    return this.#store.write(deleteTag, { registryId, repository, tag, ...ruled })
  }

  /** `of` must be here. The attributes that `set` leaves out stay as they are. */
  async setAttributes(
    { registryId, repository }: RepoRef,
    of: Subject,
    set: Partial<Attributes>,
    by: ContentOrigin,
  ): Promise<void> {
    await this.#store.write(setAttributes, { registryId, repository, of, set, from: this.#from(by) })
  }

  /** What of it is gone when this resolves; the rest of a very large one goes in the background. */
  deleteRepository(repo: RepoRef, by: ContentOrigin): Promise<Gone> {
    const { registryId, repository } = repo
    const ruled = this.#ruled(repo, by)
    const { reclaimDelay: keepFor, uploadIdle } = this.limits
    const parts = { store: this.#store, clock: this.#clock }
    return deleteRepository(parts, { registryId, repository, keepFor, uploadIdle, ...ruled })
  }

  /** For what changes nothing and is in the audit all the same. */
  async record(entry: AuditEntry): Promise<void> {
    await this.#store.write(recordAlone, { region: this.#region, entry })
  }

  listTags(repo: RepoRef, page: Page): Promise<Listed<string> | undefined> {
    return listTags(this.#store.read, repo, page)
  }

  listRepositories(registryId: string, page: Page): Promise<Listed<string>> {
    return listRepositories(this.#store.read, registryId, page)
  }

  listReferrers(repo: RepoRef, digest: Digest, page: Page & { artifactType: string }): Promise<Listed<string>> {
    return listReferrers(this.#store.read, repo, digest, page)
  }

  /** A deletion by somebody, with what policies say of it. */
  #ruled(repo: RepoRef, by: ContentOrigin) {
    const policies = this.#policies
    return { immutable: policies.immutable(repo), trashFor: policies.trashFor(repo), from: this.#from(by) }
  }

  #from(by: ContentOrigin): ContentFrom {
    return { ...by, region: this.#region }
  }

  // Nothing where it is known: a tag that moves to a manifest of before costs no read of its config.
  async #platform(repo: RepoRef, digest: Digest, config: Digest | '') {
    if (config === '' || (await isDescribed(this.#store.read, repo, digest))) return undefined
    return readPlatform({ read: this.#store.read, blobs: this.#blobStore }, repo, config)
  }

  // A process that dies in here leaves the upload's record; the sweep asks the database what became of its key.
  async #link(repo: RepoRef, digest: Digest, { id, key, size }: Committed): Promise<void> {
    const { registryId, repository } = repo
    const keepFor = this.limits.uploadIdle
    const region = this.#region
    try {
      const blob = { registryId, repository, digest, key, size, keepFor, region }
      const linked = await this.#quotas.blob(repo, digest, size, () => this.#store.write(pushBlob, blob))
      // Somebody else's push of the same bytes came first: theirs are linked, ours go.
      if (linked !== key) await this.#blobStore.remove(key)
      await this.#blobStore.settle(id)
    } catch (error) {
      // No row has it, and none will. After any other failure nobody knows, and the sweep asks.
      if (error instanceof Failure && error.is(QuotaExceeded)) {
        await this.#blobStore.remove(key)
        await this.#blobStore.settle(id)
      }
      throw error
    } finally {
      this.uploads.settled(id)
    }
  }
}

export function createRegistry(parts: Parts): Registry {
  return new Registry(parts)
}
