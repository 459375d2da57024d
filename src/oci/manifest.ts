import { Failure } from '../kernel/index.ts'
import { type Descriptor, ManifestInvalid, parseDescriptor } from './descriptor.ts'
import { type Digest, quote } from './digest.ts'
import { type Fields, isClean, isFields, readFields, textMap } from './fields.ts'
import { essence, isArtifact, isImage, isIndex, isManifest, isMediaType, isSchema1, mediaTypes } from './media-types.ts'

/** What a manifest says, beside its bytes: those stay what they are, and what is not known here is theirs. */
export type Manifest = {
  /** `other`: a type that nobody here knows, read as far as it looks like the known ones. */
  readonly kind: 'image' | 'index' | 'artifact' | 'other'
  readonly mediaType: string
  /** Its own `artifactType`; else, for an image, the media type of its config. */
  readonly artifactType?: string
  readonly config?: Descriptor
  /** An image's layers, or an artifact's blobs. */
  readonly layers: readonly Descriptor[]
  /** An index's entries. */
  readonly manifests: readonly Descriptor[]
  readonly subject?: Descriptor
  readonly annotations: Readonly<Record<string, string>>
}

export type ManifestLimits = { readonly bytes: number; readonly depth: number }

// 4 MiB is what the specification asks of registries; no document known nests deeper than 8.
export const manifestLimits: ManifestLimits = { bytes: 4 * 1024 * 1024, depth: 64 }

/**
 * Throws `ManifestInvalid`. The media type is the one of the request; the document's own must agree
 * with it, and stands in where the request has none.
 */
export function parseManifest(bytes: Uint8Array, contentType?: string, limits = manifestLimits): Manifest {
  const fields = readFields(bytes, limits, ManifestInvalid)
  const mediaType = settleMediaType(fields, contentType)
  if (isSchema1(mediaType)) throw ManifestInvalid('Docker schema 1 is not accepted; push the image with a newer client')
  if (!isManifest(mediaType)) return readOther(fields, mediaType)
  checkShape(fields, mediaType)
  const config = optional(fields.config, 'config')
  const subject = optional(fields.subject, 'subject')
  if (isImage(mediaType) && !config) throw ManifestInvalid('config is missing')
  const artifactType = settleArtifactType(fields) ?? (isImage(mediaType) ? config?.mediaType : undefined)
  return {
    kind: isIndex(mediaType) ? 'index' : isImage(mediaType) ? 'image' : 'artifact',
    mediaType,
    ...(artifactType === undefined ? {} : { artifactType }),
    ...(config ? { config } : {}),
    layers: list(fields, isArtifact(mediaType) ? 'blobs' : 'layers'),
    manifests: list(fields, 'manifests'),
    ...(subject ? { subject } : {}),
    annotations: fields.annotations == null ? {} : textMap(fields.annotations, 'annotations', ManifestInvalid),
  }
}

/** How a referrers list shows a manifest. */
export function referrerDescriptor(manifest: Manifest, digest: Digest, size: number): Descriptor {
  return {
    mediaType: manifest.mediaType,
    digest,
    size,
    ...(manifest.artifactType === undefined ? {} : { artifactType: manifest.artifactType }),
    ...(Object.keys(manifest.annotations).length === 0 ? {} : { annotations: manifest.annotations }),
  }
}

// Nobody here knows the type's rules, so nothing of it is refused; what looks like a reference counts as one,
// because bytes that it needs must not be collected.
function readOther(fields: Fields, mediaType: string): Manifest {
  const config = lenient([fields.config])[0]
  const subject = lenient([fields.subject])[0]
  const artifactType = fields.artifactType
  return {
    kind: 'other',
    mediaType,
    ...(typeof artifactType === 'string' && isMediaType(artifactType) ? { artifactType } : {}),
    ...(config ? { config } : {}),
    layers: [...lenient(fields.layers), ...lenient(fields.blobs)],
    manifests: lenient(fields.manifests),
    ...(subject ? { subject } : {}),
    annotations: lenientText(fields.annotations),
  }
}

function lenientText(value: unknown): Readonly<Record<string, string>> {
  if (!isFields(value)) return {}
  const clean = Object.entries(value).filter(([key, text]) => isClean(key) && typeof text === 'string' && isClean(text))
  return Object.fromEntries(clean) as Record<string, string>
}

function lenient(value: unknown): readonly Descriptor[] {
  if (!Array.isArray(value)) return []
  return value.flatMap(item => {
    try {
      return [parseDescriptor(item, '')]
    } catch (error) {
      if (error instanceof Failure) return []
      throw error
    }
  })
}

function settleMediaType(fields: Fields, contentType: string | undefined): string {
  const said = essence(contentType)
  // Both mean "bytes" and are what tools send that were not told better.
  const asked = said === 'application/json' || said === 'application/octet-stream' ? '' : said
  const own = fields.mediaType ?? ''
  if (typeof own !== 'string') throw ManifestInvalid('mediaType is not text')
  if (asked !== '' && own !== '' && asked !== own) {
    throw ManifestInvalid(`its mediaType is ${quote(own)}, but it was sent as ${quote(asked)}`)
  }
  const settled = asked || own || guess(fields)
  if (!isMediaType(settled)) throw ManifestInvalid(`${quote(settled)} is not a media type`)
  return settled
}

// The specification of 2017 had no mediaType in the document, and some tools still write none.
function guess(fields: Fields): string {
  if (Array.isArray(fields.manifests)) return mediaTypes.ociIndex
  if (fields.config != null) return mediaTypes.ociManifest
  throw ManifestInvalid('it has no mediaType, and was sent without one')
}

function checkShape(fields: Fields, mediaType: string): void {
  if (!isArtifact(mediaType) && fields.schemaVersion !== 2) throw ManifestInvalid('schemaVersion is not 2')
  // A document that is both would be an image to one client and an index to another (CVE-2021-41190).
  const foreign = isIndex(mediaType) ? ['config', 'layers', 'blobs'] : ['manifests']
  for (const name of foreign) {
    const value = fields[name]
    if (value == null || (Array.isArray(value) && value.length === 0)) continue
    throw ManifestInvalid(`a document of type ${mediaType} has no ${name}`)
  }
}

function settleArtifactType(fields: Fields): string | undefined {
  const own = fields.artifactType ?? ''
  if (typeof own !== 'string') throw ManifestInvalid('artifactType is not text')
  // Go leaves an empty text out, and reads a missing one as empty: the same thing.
  if (own === '') return undefined
  if (!isMediaType(own)) throw ManifestInvalid(`artifactType ${quote(own)} is not a media type`)
  return own
}

function optional(value: unknown, where: string): Descriptor | undefined {
  return value == null ? undefined : parseDescriptor(value, where)
}

// Go writes an empty list as null, so null is an empty list.
function list(fields: Fields, name: string): readonly Descriptor[] {
  const value = fields[name]
  if (value == null) return []
  if (!Array.isArray(value)) throw ManifestInvalid(`${name} is not a list`)
  return value.map((item, index) => parseDescriptor(item, `${name}[${index}]`))
}
