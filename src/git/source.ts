import { isAbsolute } from 'node:path'
import { RefRefused, SourceRefused } from './failures.ts'

const LONGEST = 2_048
const HOST = /^(?:\[[0-9a-f:.]+\]|[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?)$/i
const SCP_LIKE = /^(?:([a-z0-9_][a-z0-9._-]*)@)?([^/:@\s]+):(?!:)([^:\s].*)$/i
const COMMIT = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/
/** What `git check-ref-format` refuses, and a leading dash, which a command would take for an option. */
const BAD_REF = /^-|^\/|^@$|\.\.|@\{|[\p{Cc} ~^:?*[\\]|\/\/|\/\.|^\.|\.lock(?:\/|$)|[/.]$/u

/**
 * Throws where git must not be given this source: what it could take for an option, what runs a command (`ext::`), what goes
 * over the wire unprotected, what has a password in it. The sources come from a file that anyone may commit.
 */
export function checkSource(source: string): void {
  const refuse = (why: string) => SourceRefused(source, why)
  if (source === '' || source.length > LONGEST)
    throw refuse(`it has ${source.length} characters, and may have 1 to ${LONGEST}`)
  if (/\p{Cc}/u.test(source)) throw refuse('it has control characters')
  if (source.startsWith('-')) throw refuse('it begins with "-"')
  if (/^[a-z0-9+.-]+::/i.test(source)) throw refuse('remote helpers run commands')
  if (source.includes('://')) {
    checkUrl(source, refuse)
    return
  }
  if (isAbsolute(source)) return
  const [, , host, path] = SCP_LIKE.exec(source) ?? []
  if (host === undefined || path === undefined) throw refuse('it is no URL and no absolute path')
  if (!HOST.test(host) || path.startsWith('-')) throw refuse('it names no host')
}

function checkUrl(source: string, refuse: (why: string) => Error): void {
  if (!URL.canParse(source)) throw refuse('it is no valid URL')
  const url = new URL(source)
  if (url.password !== '') throw refuse('it has a password in it, which belongs into a credential helper')
  if (url.protocol === 'file:') {
    if (url.hostname !== '') throw refuse('a file is on this machine')
    return
  }
  if (!HOST.test(url.hostname)) throw refuse('it names no host')
  if (url.username.startsWith('-') || url.pathname.startsWith('/-')) throw refuse('it holds what looks like an option')
  if (url.protocol === 'https:' || url.protocol === 'ssh:') return
  if (url.protocol === 'http:' && isLoopback(url.hostname)) return
  throw refuse(`${url.protocol.slice(0, -1)} is not among https, ssh and file`)
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(host)
}

export function checkRef(ref: string): void {
  if (ref === '' || ref.length > 255) throw RefRefused(ref, `it has ${ref.length} characters, and may have 1 to 255`)
  if (BAD_REF.test(ref)) throw RefRefused(ref, 'git allows no such name')
}

export function isCommit(text: string): boolean {
  return COMMIT.test(text)
}
