import { createHash } from 'node:crypto'
import { basename, dirname, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

/** `same`: what two spellings of one repository have in common. */
export type Source = { name: string; source: string; same: string }
export type SourceFault = { says: string; fix: string }

const OWNER_NAME = /^[A-Za-z0-9][\w.-]*(\/[\w.-]+){1,5}$/
const SCP = /^([A-Za-z0-9_][\w.-]*)@([A-Za-z0-9][A-Za-z0-9.-]*):(?!\/\/)(.+)$/
const DEFAULT_HOST = 'https://github.com'

/** `owner/name`, an https, ssh or file URL, `git@host:path`, or a path from `folder`. */
export function readSource(text: string, at: { folder: string; host: string | undefined }): Source | SourceFault {
  if (/^(\.{1,2}(\/|$)|\/)/.test(text)) return fromPath(resolve(at.folder, text))
  if (OWNER_NAME.test(text)) return fromWords(text, at.host ?? DEFAULT_HOST)
  const scp = SCP.exec(text)
  return fromUrl(scp ? `ssh://${scp[1]}@${scp[2]}/${scp[3]}` : text)
}

function fromWords(text: string, host: string): Source | SourceFault {
  const parts = text.split('/')
  if (parts.some(part => /^\.+$/.test(part)))
    return { says: 'has a part of dots alone', fix: 'Begin a path with ./ or ../' }
  if (isGithub(host) && parts.length > 2) {
    return {
      says: 'has more than owner and name',
      fix: 'Write owner/name; a folder goes into "include", a branch into "ref"',
    }
  }
  return fromUrl(`${host.replace(/\/+$/, '')}/${text}`)
}

function fromUrl(text: string): Source | SourceFault {
  const url = URL.parse(text)
  // A secret may be in it, so it is not repeated.
  if (url?.password) return { says: 'has a password in it', fix: 'Remove it: git asks your credential helper' }
  const known = url && ['https:', 'ssh:', 'file:'].includes(url.protocol)
  // Git has transports that run a program (ext::), and hosts that begin with "-" are options of ssh.
  if (!known || (url.hostname !== '' && !/^[A-Za-z0-9[]/.test(url.hostname)) || url.username.startsWith('-')) {
    return {
      says: 'is no repository',
      fix: 'Write owner/name, an https, ssh or file URL, or a path that begins with ./, ../ or /',
    }
  }
  if (url.search !== '' || url.hash !== '')
    return { says: 'has a ? or #', fix: 'Name the repository alone; a branch goes into "ref"' }
  if (url.protocol === 'file:') return fromPath(fileURLToPath(url))
  const path = url.pathname.replace(/^\/+|\/+$/g, '').replace(/\.git$/, '')
  if (path === '')
    return { says: 'names a host and no repository', fix: 'Write the path of the repository after the host' }
  if (url.hostname === 'github.com' && path.split('/').length !== 2) {
    return { says: 'is a page and no repository', fix: 'Write https://github.com/owner/name; a branch goes into "ref"' }
  }
  const same = `${url.host}/${path}`.toLowerCase()
  return { name: nameOf(url.hostname, path), source: url.href.replace(/\/+$/, ''), same }
}

function nameOf(host: string, path: string): string {
  const plain = path.replace(/[^\w./-]/g, '-')
  return host === 'github.com' ? plain : `${host.replace(/[^\w.-]/g, '')}/${plain}`
}

function fromPath(path: string): Source {
  const folder = basename(path) === '.git' ? dirname(path) : path
  const name =
    basename(folder)
      .replace(/\.git$/, '')
      .replace(/[^\w.-]/g, '-') || 'root'
  return { name: `local/${name}`, source: path, same: path }
}

function isGithub(host: string): boolean {
  return URL.parse(host)?.hostname === 'github.com'
}

/** Two folders may have one name; citations must not. */
export function distinctName(name: string, source: string): string {
  return `${name}-${createHash('sha256').update(source).digest('hex').slice(0, 6)}`
}
