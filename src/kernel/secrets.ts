import {
  closeSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { dirname } from 'node:path'
import { failure } from './failure.ts'

export const SecretMissing = failure('SECRET_MISSING', 500, (what: string, next: string) => ({
  says: `The secret ${what}`,
  next,
}))

const LARGEST = 64 * 1024
/** Filled by container engines, which choose the mode (Kubernetes 0644, Swarm 0444) and mount them for one container. */
const MOUNTED = ['/run/secrets/', '/var/run/secrets/']
const READABLE_BY_OTHERS = 0o004
const WRITABLE_BY_OTHERS = 0o022

/**
 * The value behind `env:NAME` or `file:/path`, without the newline that editors put at the end of a file.
 * Errors name the reference, never the value.
 */
export function readSecret(ref: string, env: Readonly<Record<string, string | undefined>>): string {
  if (ref.startsWith('env:')) return fromVariable(ref.slice('env:'.length), env)
  if (ref.startsWith('file:/')) return readSecretFile(ref.slice('file:'.length))
  // The text is not repeated: it may be the secret itself.
  throw SecretMissing('is not given by reference', 'Write env:NAME or file:/absolute/path')
}

function fromVariable(name: string, env: Readonly<Record<string, string | undefined>>): string {
  const value = env[name]
  if (value) return value
  throw SecretMissing(`env:${name} is not set`, `Set the environment variable ${name}`)
}

/** A secret that is in a file of its own; refuses one that others on the machine can read or change. */
export function readSecretFile(path: string): string {
  const value = read(path).replace(/\r?\n$/, '')
  if (value === '') throw SecretMissing(`file:${path} is empty`, 'Write the secret into the file')
  return value
}

function read(path: string): string {
  try {
    const { mode, size } = statSync(path)
    if (size > LARGEST) throw SecretMissing(`file:${path} is larger than 64 KiB`, 'Name the right file')
    const wrong =
      mode & (MOUNTED.some(dir => path.startsWith(dir)) ? WRITABLE_BY_OTHERS : WRITABLE_BY_OTHERS | READABLE_BY_OTHERS)
    if (wrong) throw SecretMissing(`file:${path} is open to others on this machine`, `Run: chmod 600 ${path}`)
    return readFileSync(path, 'utf8')
  } catch (error) {
    if (!(error instanceof Error) || !('code' in error) || !('syscall' in error)) throw error
    throw SecretMissing(`file:${path} cannot be read (${error.code})`, 'Check the path and who may read it').from(error)
  }
}

/**
 * The secret in the file, made by `make` where there is none: folder 0700, file 0600, durable on
 * return. Of two processes that make it at once, both get the first one's.
 */
export function ensureSecret(path: string, make: () => string): { value: string; made: boolean } {
  const dir = dirname(path)
  mkdirSync(dir, { recursive: true, mode: 0o700 })
  if (secretExists(path)) return { value: readSecretFile(path), made: false }
  const value = make()
  const draft = writeDraft(path, value)
  try {
    // A link, not a rename: it fails where another process was first.
    const made = link(draft, path)
    return made ? { value, made } : { value: readSecretFile(path), made }
  } finally {
    rmSync(draft, { force: true })
    syncFolder(dir)
  }
}

/** The old secret or the new one, whenever the power goes; the new one for good on return. */
export function replaceSecret(path: string, value: string): void {
  const draft = writeDraft(path, value)
  renameSync(draft, path)
  syncFolder(dirname(path))
}

function writeDraft(path: string, value: string): string {
  const draft = `${path}.${process.pid}.draft`
  rmSync(draft, { force: true })
  writeFileSync(draft, `${value}\n`, { mode: 0o600, flag: 'wx', flush: true })
  return draft
}

export function secretExists(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false }) !== undefined
}

function link(from: string, to: string): boolean {
  try {
    linkSync(from, to)
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false
    throw error
  }
}

function syncFolder(dir: string): void {
  const handle = openSync(dir, 'r')
  try {
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}
