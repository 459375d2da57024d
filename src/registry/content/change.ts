import type { BlobKey, Hlc, Ms } from '../../kernel/index.ts'
import type { Digest, ImagePlatform } from '../../oci/index.ts'
import type { Attributes, Subject } from '../locks/attributes.ts'
import type { Immutable } from '../policies/immutable.ts'

/** A repository of a registry. */
export type RepoRef = { readonly registryId: string; readonly repository: string }

/** What a manifest says about other content, read from its bytes before the transaction. */
export type ManifestFacts = {
  readonly mediaType: string
  readonly artifactType: string
  readonly subject: string
  /** Blobs that must be in the repository. */
  readonly blobs: readonly string[]
  /** Manifests that must be. */
  readonly manifests: readonly string[]
  /** One or the other must be: an index may list what is no manifest. */
  readonly either: readonly string[]
  /** Kept from collection where they are here: foreign layers, references of types that nobody here knows. */
  readonly optional: readonly string[]
  /** Its entry in the referrers list, JSON; '' without a subject. */
  readonly descriptor: string
  /** '' without a config. */
  readonly configMediaType: string
  /** The config that says what an image runs on; '' where there is none. */
  readonly imageConfig: Digest | ''
  /** What that config says. Missing where nobody has read it. */
  readonly platform?: ImagePlatform
}

export type BlobChange = RepoRef & {
  kind: 'blob'
  digest: Digest
  key: BlobKey
  size: number
  /** How long it may wait for a manifest, ms. */
  keepFor: number
}
export type ManifestChange = RepoRef & {
  kind: 'manifest'
  digest: Digest
  bytes: Uint8Array
  facts: ManifestFacts
  hlc?: Hlc
}
/** What policies forbid to a change that is made here. */
type Ruled = { readonly immutable?: readonly Immutable[] }
export type TagChange = RepoRef & Ruled & { kind: 'tag'; tag: string; digest: Digest; hlc?: Hlc }
export type BlobDeletion = RepoRef & { kind: 'blob-deleted'; digest: Digest; keepFor: number }
/** `keepFor`: how long blobs that it alone referred to stay, ms. */
export type ManifestDeletion = RepoRef & Ruled & Trashed & { kind: 'manifest-deleted'; digest: Digest; keepFor: number }
export type TagDeletion = RepoRef & Ruled & Trashed & { kind: 'tag-deleted'; tag: string }
type Trashed = {
  hlc?: Hlc
  /** Where a whole repository is deleted: the stamp of that, the same for all that goes with it. */
  deletion?: Hlc
  /** What goes is kept in this region's trash; not where it is missing. */
  trash?: ToTrash
}
/** `trashFor`: how long by what the policies say now, ms; 0 is not at all. `by`: who deletes; '' where nobody here knows. */
export type ToTrash = { readonly trashFor: Ms; readonly by: string }
/** `set`: the attributes that change; the others stay as they are. */
export type AttributesChange = RepoRef & { kind: 'attributes'; of: Subject; set: Partial<Attributes>; hlc?: Hlc }

/**
 * A change to content. One with `hlc` happened elsewhere at that time; one without happens here and now, and is
 * stamped past all that it replaces.
 */
export type ContentChange =
  | BlobChange
  | ManifestChange
  | TagChange
  | BlobDeletion
  | ManifestDeletion
  | TagDeletion
  | AttributesChange

/** The request behind a change, for who is told of it elsewhere; bounded. */
export type ContentRequest = { readonly id: string; readonly host: string; readonly userAgent: string }

/** What the feed entry says beyond the change itself. */
export type Told = {
  readonly request?: ContentRequest | undefined
  /** Tags come with this manifest, in entries of their own. */
  readonly tagged?: boolean
  /** What a tag leads to. */
  readonly manifest?: { readonly size: number; readonly mediaType: string; readonly configMediaType: string }
}

/** `applied`: false where it was known or is older than what is held. `key`: where a blob's bytes are to be found. */
export type Applied = { applied: boolean; key?: BlobKey }

/** What a change left behind beyond `Applied`, for its feed entry. */
export type Merged = Applied & {
  hlc?: Hlc
  size?: number
  mediaType?: string
  configMediaType?: string
  /** Of a Helm chart that was deleted: the tags that went with it. */
  tags?: readonly string[]
}
