import {
  type Digest,
  isForeignLayer,
  isImageConfig,
  isManifest,
  type Manifest,
  manifestLimits,
  parseManifest,
  referrerDescriptor,
} from '../../oci/index.ts'
import type { ManifestFacts } from './change.ts'

/** What the manifest's bytes say about other content. Throws `ManifestInvalid`. */
export function manifestFacts(
  bytes: Uint8Array,
  contentType: string | undefined,
  digest: Digest,
  limit: number,
): ManifestFacts {
  const manifest = parseManifest(bytes, contentType, { ...manifestLimits, bytes: limit })
  const { mediaType, artifactType = '', subject } = manifest
  const descriptor = subject ? JSON.stringify(referrerDescriptor(manifest, digest, bytes.length)) : ''
  return {
    mediaType,
    artifactType,
    subject: subject?.digest ?? '',
    ...references(manifest),
    descriptor,
    configMediaType: manifest.config?.mediaType ?? '',
    imageConfig: imageConfig(manifest),
  }
}

// Other configs are the artifact's own, whatever fields they have.
function imageConfig({ kind, config }: Manifest): Digest | '' {
  return kind === 'image' && config && isImageConfig(config.mediaType) ? config.digest : ''
}

type References = Pick<ManifestFacts, 'blobs' | 'manifests' | 'either' | 'optional'>

function references({ kind, config, layers, manifests }: Manifest): References {
  const parts = config ? [config, ...layers] : layers
  // A type with rules of its own: what looks like a reference is kept from collection, but nothing is demanded.
  if (kind === 'other') {
    return { blobs: [], manifests: [], either: [], optional: [...parts, ...manifests].map(part => part.digest) }
  }
  const foreign = parts.filter(part => isForeignLayer(part.mediaType))
  const own = parts.filter(part => !isForeignLayer(part.mediaType))
  // BuildKit's caches are indexes that list layers.
  const children = manifests.filter(child => isManifest(child.mediaType))
  const others = manifests.filter(child => !isManifest(child.mediaType))
  return {
    blobs: own.map(part => part.digest),
    manifests: children.map(child => child.digest),
    either: others.map(child => child.digest),
    optional: foreign.map(part => part.digest),
  }
}
