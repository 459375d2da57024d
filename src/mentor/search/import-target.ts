import { posix } from 'node:path'
import type { Parsed } from '../parse/parsed.ts'

const EXTENSION = /\.(?:[cm]?[jt]sx?|py)$/

/**
 * What an import leads to, in one form for all who import it: the path in the repository without its extension for a
 * relative one, else the specifier.
 */
export function importTarget({ path, language }: Pick<Parsed, 'path' | 'language'>, specifier: string): string {
  const folder = posix.dirname(path)
  if (language === 'python') {
    const dots = /^\.+/.exec(specifier)?.[0].length ?? 0
    if (dots === 0) return specifier
    return fileTarget(posix.join(folder, ...Array(dots - 1).fill('..'), specifier.slice(dots).replaceAll('.', '/')))
  }
  return specifier.startsWith('.') ? fileTarget(posix.join(folder, specifier)) : specifier
}

/** The same form for a file of the repository. */
export function fileTarget(path: string): string {
  const bare = path.replace(EXTENSION, '').replace(/\/$/, '')
  return bare.replace(/\/(?:index|__init__)$/, '')
}
