import { PathMalformed } from '../failures.ts'

/**
 * What a path under /v2/, or under /acr/v1/ (`acr-…`), means. `name` is the repository, unchecked; `rest` the tag,
 * digest or upload id, unchecked.
 */
export type RouteKind =
  | 'base'
  | 'catalog'
  | 'tags'
  | 'referrers'
  | 'manifest'
  | 'blob'
  | 'uploads'
  | 'upload'
  | 'acr-catalog'
  | 'acr-repository'
  | 'acr-tags'
  | 'acr-tag'
  | 'acr-manifests'
  | 'acr-manifest'
export type Route = { readonly kind: RouteKind; readonly name: string; readonly rest: string }

const BASE: Route = { kind: 'base', name: '', rest: '' }
const CATALOG: Route = { kind: 'catalog', name: '', rest: '' }

const ACR = '/acr/v1/'
const ACR_PATH = /^\/acr\/v1\/(.+?)(?:\/_(tags|manifests)(?:\/([^/]+))?)?$/s

/**
 * Read from the right, because repository names hold slashes and may hold any of the words. `path` without its query.
 */
export function parseRoute(path: string): Route | undefined {
  if (path.startsWith(ACR)) return parseMetadataRoute(path.includes('%') ? decode(path) : path)
  if (!path.startsWith('/v2/')) return path === '/v2' ? BASE : undefined
  if (path.length === 4) return BASE
  const plain = path.includes('%') ? decode(path) : path
  const end = plain.lastIndexOf('/')
  const rest = plain.slice(end + 1)
  const start = plain.lastIndexOf('/', end - 1)
  // `/v2/_catalog` and anything else without a repository.
  if (start < 3) return end === 3 && rest === '_catalog' ? CATALOG : undefined
  const word = plain.slice(start + 1, end)
  if (word === 'manifests') return named('manifest', plain, start, rest)
  if (word === 'blobs') {
    // POST goes to blobs/uploads/, and some clients leave the last slash out.
    return rest === 'uploads' ? named('uploads', plain, start, '') : named('blob', plain, start, rest)
  }
  if (word === 'referrers') return named('referrers', plain, start, rest)
  if (word === 'tags' && rest === 'list') return named('tags', plain, start, '')
  if (word === 'uploads' && plain.endsWith('/blobs', start)) {
    return named(rest === '' ? 'uploads' : 'upload', plain, start - '/blobs'.length, rest)
  }
  return undefined
}

// No part of a repository's name begins with an underscore, so here nothing is ambiguous.
function parseMetadataRoute(path: string): Route | undefined {
  const [, name, list, rest] = ACR_PATH.exec(path) ?? []
  if (name === undefined) return undefined
  if (name === '_catalog') return list === undefined ? { kind: 'acr-catalog', name: '', rest: '' } : undefined
  if (list === undefined) return { kind: 'acr-repository', name, rest: '' }
  if (rest === undefined) return { kind: list === 'tags' ? 'acr-tags' : 'acr-manifests', name, rest: '' }
  return { kind: list === 'tags' ? 'acr-tag' : 'acr-manifest', name, rest }
}

function named(kind: RouteKind, path: string, end: number, rest: string): Route | undefined {
  if (end <= 4) return undefined
  return { kind, name: path.slice(4, end), rest }
}

function decode(path: string): string {
  try {
    const text = decodeURIComponent(path)
    if (text.includes('\0')) throw PathMalformed()
    return text
  } catch (error) {
    throw PathMalformed().from(error)
  }
}

/** The query's parameters. What is not UTF-8, and NUL, is refused: no name has either. */
export function parseQuery(query: string): URLSearchParams {
  if (query.includes('%')) decode(query.replaceAll('+', ' '))
  if (query.includes('\0')) throw PathMalformed()
  return new URLSearchParams(query)
}
