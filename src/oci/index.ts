export { isLoopback } from './client/address.ts'
export { createOciClient, type OciClient } from './client/client.ts'
export { SourceChanged } from './client/failures.ts'
export { httpSend } from './client/http-send.ts'
export type { FetchedManifest, Found } from './client/manifests.ts'
export type { MetadataAsk } from './client/metadata.ts'
export type { PullOptions } from './client/pull-blob.ts'
export type { BlobBytes, PushOptions } from './client/push-blob.ts'
export type { Repository } from './client/scope.ts'
export type { ClientOptions } from './client/session.ts'
export type { Credentials } from './client/token.ts'
export type { Body, HttpReply, HttpRequest, HttpSend } from './client/transport.ts'
export { type Copied, type CopyOptions, copyContent } from './copy/copy.ts'
export { each } from './copy/each.ts'
export {
  type Blob,
  type NewManifest,
  type OpenBlob,
  type Outcome,
  registryEnd,
  type Source,
  type Target,
} from './copy/ends.ts'
export type { Plan } from './copy/plan.ts'
export {
  type Descriptor,
  formatPlatform,
  type Platform,
} from './descriptor.ts'
export {
  type Digest,
  type DigestAlgorithm,
  DigestInvalid,
  digestAlgorithm,
  digestHex,
  digestOf,
  type Hasher,
  hasher,
  isDigest,
  parseDigest,
} from './digest.ts'
export { type Fields, isFields, readFields } from './fields.ts'
export { type ImagePlatform, type ImageSettings, readImagePlatform, readImageSettings } from './image-config.ts'
export type { Files, Sink } from './layout/files.ts'
export { type Entry, nameOf } from './layout/index-file.ts'
export { createLayout, isLayout, type Layout, openLayout } from './layout/layout.ts'
export { saveBlob } from './layout/save-blob.ts'
export { type Manifest, type ManifestLimits, manifestLimits, parseManifest, referrerDescriptor } from './manifest.ts'
export {
  isForeignLayer,
  isImageConfig,
  isIndex,
  isManifest,
  mediaTypes,
} from './media-types.ts'
export {
  formatReference,
  isRepository,
  isTag,
  parseHost,
  parseReference,
  parseRepository,
  parseTag,
  type Reference,
  ReferenceInvalid,
  RepositoryInvalid,
  selector,
  TagInvalid,
} from './reference.ts'
