import { failure } from '../kernel/index.ts'
import { type Digest, parseDigest, quote } from './digest.ts'

/** `host[:port]/repository[:tag][@digest]` */
export type Reference = {
  readonly host: string
  readonly repository: string
  readonly tag?: string
  readonly digest?: Digest
}

export const RepositoryInvalid = failure('NAME_INVALID', 400, (text: string) => ({
  says: `${quote(text)} is not a repository name`,
  next: 'Use lower-case letters and digits, parted by one of . _ - and by / between the parts; 255 characters at most',
}))
export const TagInvalid = failure('TAG_INVALID', 400, (text: string) => ({
  says: `${quote(text)} is not a tag`,
  next: 'Use letters, digits, _ . and -, not beginning with . or -; 128 characters at most',
}))
export const ReferenceInvalid = failure('REFERENCE_INVALID', 400, (text: string, why: string) => ({
  says: `${quote(text)} is not a reference: ${why}`,
  next: 'Write host[:port]/repository[:tag][@digest], for example 127.0.0.1:5000/team/app:1.0',
}))

// The grammars of the distribution specification.
const repositoryForm = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*$/
const tagForm = /^[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}$/
const label = '[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?'
const hostForm = new RegExp(`^(?:\\[[0-9a-fA-F:.]{2,45}\\]|${label}(?:\\.${label})*)(?::([0-9]{1,5}))?$`)

export function isRepository(text: string): boolean {
  return text.length <= 255 && repositoryForm.test(text)
}

export function isTag(text: string): boolean {
  return tagForm.test(text)
}

export function parseRepository(text: string): string {
  if (!isRepository(text)) throw RepositoryInvalid(text)
  return text
}

export function parseTag(text: string): string {
  if (!isTag(text)) throw TagInvalid(text)
  return text
}

/**
 * The first part is a host where it has a dot or a port, or is `localhost`, as all clients have it.
 * Without one `defaults.host` is taken; where there is none either, the reference is refused rather
 * than sent to somebody's public registry.
 */
export function parseReference(text: string, defaults: { host?: string } = {}): Reference {
  // A repository, a host, a tag and a digest at their longest fit in 1,024.
  if (text.length > 1024) throw ReferenceInvalid(text, 'it is longer than 1024 characters')
  const at = text.indexOf('@')
  const digest = at < 0 ? undefined : parseDigest(text.slice(at + 1))
  const named = at < 0 ? text : text.slice(0, at)
  const slash = named.indexOf('/')
  const first = slash < 0 ? '' : named.slice(0, slash)
  const hosted = /[.:[]/.test(first) || first === 'localhost'
  const host = hosted ? first : defaults.host
  if (host === undefined) throw ReferenceInvalid(text, 'it does not begin with the host of a registry')
  const rest = hosted ? named.slice(slash + 1) : named
  const colon = rest.lastIndexOf(':')
  const tag = colon < 0 ? undefined : parseTag(rest.slice(colon + 1))
  const repository = parseRepository(shortName(host, colon < 0 ? rest : rest.slice(0, colon)))
  return { host: parseHost(host), repository, ...(tag === undefined ? {} : { tag }), ...(digest ? { digest } : {}) }
}

/** Throws `ReferenceInvalid` where the text is not `host[:port]`. */
export function parseHost(text: string): string {
  const found = text.length <= 255 ? hostForm.exec(text) : null
  if (!found) throw ReferenceInvalid(text, 'its host is not a host name or an address')
  if (found[1] !== undefined && !(Number(found[1]) >= 1 && Number(found[1]) <= 65535)) {
    throw ReferenceInvalid(text, 'its port is not between 1 and 65535')
  }
  return text.toLowerCase()
}

export function formatReference(ref: Reference): string {
  return `${ref.host}/${ref.repository}${ref.tag === undefined ? '' : `:${ref.tag}`}${ref.digest ? `@${ref.digest}` : ''}`
}

/** What to ask a registry for: the digest before the tag, and `latest` where there is neither. */
export function selector(ref: Pick<Reference, 'tag' | 'digest'>): string {
  return ref.digest ?? ref.tag ?? 'latest'
}

// Docker Hub keeps its official images under library/, and everybody leaves it out.
function shortName(host: string, repository: string): string {
  return host.toLowerCase() === 'docker.io' && !repository.includes('/') ? `library/${repository}` : repository
}
