import { Failure, failure } from '../kernel/index.ts'
import { type Digest, DigestInvalid, isDigest, parseDigest, quote } from './digest.ts'
import { type Fields, isFields, textMap } from './fields.ts'

/** What names bytes: their type, digest and size. */
export type Descriptor = {
  readonly mediaType: string
  readonly digest: Digest
  readonly size: number
  readonly urls?: readonly string[]
  readonly annotations?: Readonly<Record<string, string>>
  readonly artifactType?: string
  readonly platform?: Platform
  /** The bytes themselves in base64, as the document has them: not checked. */
  readonly data?: string
}

export type Platform = {
  readonly architecture: string
  readonly os: string
  readonly variant?: string
  readonly 'os.version'?: string
}

export const ManifestInvalid = failure('MANIFEST_INVALID', 400, (why: string) => ({
  says: `The manifest is not valid: ${why}`,
  next: 'Compare it with the OCI image specification (manifest.md, image-index.md), or push it again with the tool that made it',
}))

/** `where` is the path in the document for the message, e.g. `layers[2]`. */
export function parseDescriptor(value: unknown, where: string): Descriptor {
  if (!isFields(value)) throw ManifestInvalid(`${where} is not an object`)
  const mediaType = value.mediaType
  if (typeof mediaType !== 'string' || mediaType === '') throw ManifestInvalid(`${where}.mediaType is missing`)
  // Looser than RFC 6838 on purpose: tools put parameters into the media types of layers.
  if (mediaType.length > 255 || !/^[\x20-\x7e]+$/.test(mediaType)) {
    throw ManifestInvalid(`${where}.mediaType ${quote(mediaType)} is not a media type`)
  }
  return {
    mediaType,
    digest: descriptorDigest(value.digest, where),
    size: descriptorSize(value.size, where),
    ...(value.urls == null ? {} : { urls: textList(value.urls, `${where}.urls`) }),
    ...(value.annotations == null
      ? {}
      : { annotations: textMap(value.annotations, `${where}.annotations`, ManifestInvalid) }),
    ...(typeof value.artifactType === 'string' && value.artifactType !== ''
      ? { artifactType: value.artifactType }
      : {}),
    ...(isFields(value.platform) ? platformOf(value.platform) : {}),
    ...(typeof value.data === 'string' ? { data: value.data } : {}),
  }
}

/** `linux/arm64/v8`, or '' where there is no platform. */
export function formatPlatform(platform: Platform | undefined): string {
  if (!platform) return ''
  return [platform.os, platform.architecture, ...(platform.variant ? [platform.variant] : [])].join('/')
}

function descriptorDigest(value: unknown, where: string): Digest {
  if (typeof value !== 'string') throw ManifestInvalid(`${where}.digest is missing`)
  if (isDigest(value)) return value
  try {
    return parseDigest(value)
  } catch (error) {
    if (error instanceof Failure && error.is(DigestInvalid))
      throw ManifestInvalid(`${where}.digest: ${error.message}`).from(error)
    throw error
  }
}

function descriptorSize(value: unknown, where: string): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) {
    throw ManifestInvalid(`${where}.size is not a whole number of bytes`)
  }
  return value
}

function textList(value: unknown, where: string): readonly string[] {
  if (!Array.isArray(value) || !value.every(item => typeof item === 'string')) {
    throw ManifestInvalid(`${where} is not a list of texts`)
  }
  return value
}

// A platform that is only half said is kept out of the view: it is a hint, and the bytes stay as they are.
function platformOf(fields: Fields): { platform: Platform } | Record<never, never> {
  const { architecture, os, variant } = fields
  if (typeof architecture !== 'string' || typeof os !== 'string') return {}
  const version = fields['os.version']
  return {
    platform: {
      architecture,
      os,
      ...(typeof variant === 'string' && variant !== '' ? { variant } : {}),
      ...(typeof version === 'string' ? { 'os.version': version } : {}),
    },
  }
}
