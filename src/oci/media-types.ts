export const mediaTypes = {
  ociIndex: 'application/vnd.oci.image.index.v1+json',
  ociManifest: 'application/vnd.oci.image.manifest.v1+json',
  ociArtifact: 'application/vnd.oci.artifact.manifest.v1+json',
  ociConfig: 'application/vnd.oci.image.config.v1+json',
  helmConfig: 'application/vnd.cncf.helm.config.v1+json',
  ociLayer: 'application/vnd.oci.image.layer.v1.tar',
  ociLayerGzip: 'application/vnd.oci.image.layer.v1.tar+gzip',
  ociEmpty: 'application/vnd.oci.empty.v1+json',
  dockerList: 'application/vnd.docker.distribution.manifest.list.v2+json',
  dockerManifest: 'application/vnd.docker.distribution.manifest.v2+json',
  dockerConfig: 'application/vnd.docker.container.image.v1+json',
  dockerLayer: 'application/vnd.docker.image.rootfs.diff.tar.gzip',
  dockerForeignLayer: 'application/vnd.docker.image.rootfs.foreign.diff.tar.gzip',
} as const

/** What a client that can read everything sends as `Accept`, one header value a type. */
export const acceptedManifests: readonly string[] = [
  mediaTypes.ociIndex,
  mediaTypes.dockerList,
  mediaTypes.ociManifest,
  mediaTypes.dockerManifest,
  mediaTypes.ociArtifact,
]

/** A list of manifests, one a platform as a rule. */
export function isIndex(mediaType: string): boolean {
  return mediaType === mediaTypes.ociIndex || mediaType === mediaTypes.dockerList
}

/** One manifest with a config and layers. */
export function isImage(mediaType: string): boolean {
  return mediaType === mediaTypes.ociManifest || mediaType === mediaTypes.dockerManifest
}

export function isArtifact(mediaType: string): boolean {
  return mediaType === mediaTypes.ociArtifact
}

/** Anything that this house reads as a manifest. */
export function isManifest(mediaType: string): boolean {
  return isIndex(mediaType) || isImage(mediaType) || isArtifact(mediaType)
}

/** Docker's first format, signed inside the document: it names no sizes and no media types. */
export function isSchema1(mediaType: string): boolean {
  return /^application\/vnd\.docker\.distribution\.manifest\.v1\+(?:json|prettyjws)$/.test(mediaType)
}

/** A config that says what the image runs on. */
export function isImageConfig(mediaType: string): boolean {
  return mediaType === mediaTypes.ociConfig || mediaType === mediaTypes.dockerConfig
}

/** A layer that its maker forbids to distribute: a manifest may name it though nobody pushed it. */
export function isForeignLayer(mediaType: string): boolean {
  return (
    mediaType === mediaTypes.dockerForeignLayer ||
    mediaType === 'application/vnd.docker.image.rootfs.foreign.diff.tar' ||
    mediaType.startsWith('application/vnd.oci.image.layer.nondistributable.v1.tar')
  )
}

// RFC 6838, section 4.2.
const form = /^[a-zA-Z0-9][a-zA-Z0-9!#$&^_.+-]{0,126}\/[a-zA-Z0-9][a-zA-Z0-9!#$&^_.+-]{0,126}$/

export function isMediaType(text: string): boolean {
  return form.test(text)
}

/** The type of a `Content-Type` header without its parameters; '' where there is none. */
export function essence(header: string | undefined): string {
  if (header === undefined) return ''
  const end = header.indexOf(';')
  return (end < 0 ? header : header.slice(0, end)).trim()
}
