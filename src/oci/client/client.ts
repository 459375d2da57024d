import type { Descriptor } from '../descriptor.ts'
import type { Digest } from '../digest.ts'
import { digestOf } from '../digest.ts'
import type { Fields } from '../fields.ts'
import { parseManifest } from '../manifest.ts'
import type { Reference } from '../reference.ts'
import { catalog, type ListOptions, listTags } from './lists.ts'
import { deleteManifest, type FetchedManifest, type Found, getManifest, putManifest, resolve } from './manifests.ts'
import { askMetadata, type MetadataAsk, metadataPages } from './metadata.ts'
import { type PullOptions, pullBlob } from './pull-blob.ts'
import { type BlobBytes, hasBlob, type PushOptions, pushBlob } from './push-blob.ts'
import { addToFallback, type ReferrersOptions, referrers } from './referrers.ts'
import type { Repository, WithSignal } from './scope.ts'
import { type ClientOptions, createSession } from './session.ts'

type Blob = { readonly digest: Digest; readonly size: number }
type NewManifest = {
  readonly bytes: Uint8Array
  readonly mediaType: string
  readonly digest?: Digest
  readonly tag?: string
}

/** Speaks to any number of registries. Streams; holds at most one manifest or one page of a list in memory. */
export type OciClient = {
  /** Whether this is a registry that lets us in. */
  ping(host: string, options?: WithSignal): Promise<void>
  resolve(ref: Reference, options?: WithSignal): Promise<Found>
  getManifest(ref: Reference, options?: WithSignal): Promise<FetchedManifest>
  /** The digest under which it is kept. */
  pushManifest(to: Repository, manifest: NewManifest, options?: WithSignal): Promise<Digest>
  deleteManifest(from: Repository, name: string, options?: WithSignal): Promise<boolean>
  hasBlob(at: Repository, digest: Digest, options?: WithSignal): Promise<boolean>
  pullBlob(
    from: Repository,
    blob: { readonly digest: Digest; readonly size?: number },
    options?: PullOptions,
  ): AsyncGenerator<Uint8Array>
  pushBlob(to: Repository, blob: Blob, open: BlobBytes, options?: PushOptions): Promise<'present' | 'mounted' | 'sent'>
  listTags(of: Repository, options?: ListOptions): AsyncGenerator<string>
  catalog(host: string, options?: ListOptions): AsyncGenerator<string>
  referrers(of: Repository, digest: Digest, options?: ReferrersOptions): AsyncGenerator<Descriptor>
  /** Of registries that have ACR's metadata API: this house's, and ACR. */
  askMetadata(ask: MetadataAsk, options?: WithSignal): Promise<Fields>
  metadataPages(ask: MetadataAsk, options?: WithSignal): AsyncGenerator<Fields>
}

export function createOciClient(options: ClientOptions): OciClient {
  const session = createSession(options)
  return {
    async ping(host, { signal } = {}) {
      const { reply } = await session.call({
        method: 'GET',
        host,
        to: '/v2/',
        scopes: [],
        expect: [200],
        what: 'its API',
        signal,
      })
      reply.discard()
    },
    resolve: (ref, own) => resolve(session, ref, own),
    getManifest: (ref, own) => getManifest(session, ref, own),
    async pushManifest(to, manifest, own) {
      const { bytes, mediaType, tag, digest = digestOf(bytes) } = manifest
      const reply = await putManifest(
        session,
        to,
        { bytes, mediaType, digest, ...(tag === undefined ? {} : { tag }) },
        own,
      )
      const view = parseManifest(bytes, mediaType)
      if (view.subject && reply.header('oci-subject') === undefined) {
        await addToFallback(
          session,
          to,
          { manifest: view, digest, size: bytes.length, subject: view.subject.digest },
          own,
        )
      }
      return digest
    },
    deleteManifest: (from, name, own) => deleteManifest(session, from, name, own),
    hasBlob: (at, digest, own) => hasBlob(session, at, digest, own),
    pullBlob: (from, blob, own) => pullBlob(session, from, blob, own),
    pushBlob: (to, blob, open, own) => pushBlob(session, to, blob, open, own),
    listTags: (of, own) => listTags(session, of, own),
    catalog: (host, own) => catalog(session, host, own),
    referrers: (of, digest, own) => referrers(session, of, digest, own),
    askMetadata: (ask, own) => askMetadata(session, ask, own),
    metadataPages: (ask, own) => metadataPages(session, ask, own),
  }
}
