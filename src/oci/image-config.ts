import { Failure } from '../kernel/index.ts'
import { ManifestInvalid } from './descriptor.ts'
import { readFields } from './fields.ts'

/** What an image runs on, as its config says; '' where that says nothing. */
export type ImagePlatform = { readonly architecture: string; readonly os: string }

const limits = { bytes: 4 * 1024 * 1024, depth: 64 }

/** A config is a blob, and any bytes may be pushed as one: what can't be read says nothing. */
export function readImagePlatform(bytes: Uint8Array): ImagePlatform {
  try {
    const { architecture, os } = readFields(bytes, limits, ManifestInvalid)
    return { architecture: word(architecture), os: word(os) }
  } catch (error) {
    if (error instanceof Failure && error.is(ManifestInvalid)) return { architecture: '', os: '' }
    throw error
  }
}

// GOARCH and GOOS are such words; what else stands there is nobody's platform.
function word(value: unknown): string {
  return typeof value === 'string' && /^[\w.+-]{1,64}$/.test(value) ? value : ''
}
