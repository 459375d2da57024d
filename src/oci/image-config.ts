import { Failure } from '../kernel/index.ts'
import { ManifestInvalid } from './descriptor.ts'
import { type Fields, isClean, isFields, readFields } from './fields.ts'

/** What an image runs on, as its config says; '' where that says nothing. */
export type ImagePlatform = { readonly architecture: string; readonly os: string }

const limits = { bytes: 4 * 1024 * 1024, depth: 64 }

/** How an image runs, as its config says. Of its variables only how many: what stands in them may be secret. */
export type ImageSettings = {
  /** As it stands there: RFC 3339, '' where nothing does. */
  readonly created: string
  readonly entrypoint: readonly string[]
  readonly command: readonly string[]
  readonly folder: string
  readonly user: string
  readonly ports: readonly string[]
  readonly labels: Readonly<Record<string, string>>
  readonly variables: number
}

/** A config is a blob, and any bytes may be pushed as one: what can't be read says nothing. */
export function readImagePlatform(bytes: Uint8Array): ImagePlatform {
  const { architecture, os } = configOf(bytes)
  return { architecture: word(architecture), os: word(os) }
}

// Long ones are cut: this is to be looked at, and the blob has all of it.
const MOST = 100
const LONGEST = 2000

export function readImageSettings(bytes: Uint8Array): ImageSettings {
  const fields = configOf(bytes)
  const run: Fields = isFields(fields.config) ? fields.config : {}
  const labels = isFields(run.Labels) ? Object.entries(run.Labels).slice(0, MOST) : []
  return {
    created: text(fields.created),
    entrypoint: texts(run.Entrypoint),
    command: texts(run.Cmd),
    folder: text(run.WorkingDir),
    user: text(run.User),
    ports: isFields(run.ExposedPorts) ? texts(Object.keys(run.ExposedPorts)) : [],
    labels: Object.fromEntries(labels.map(([name, value]) => [text(name), text(value)])),
    variables: Array.isArray(run.Env) ? run.Env.length : 0,
  }
}

function configOf(bytes: Uint8Array): Fields {
  try {
    return readFields(bytes, limits, ManifestInvalid)
  } catch (error) {
    if (error instanceof Failure && error.is(ManifestInvalid)) return {}
    throw error
  }
}

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.slice(0, MOST).map(text) : []
}

function text(value: unknown): string {
  return typeof value === 'string' && isClean(value) ? value.slice(0, LONGEST) : ''
}

// GOARCH and GOOS are such words; what else stands there is nobody's platform.
function word(value: unknown): string {
  return typeof value === 'string' && /^[\w.+-]{1,64}$/.test(value) ? value : ''
}
