import { fileURLToPath } from 'node:url'

/** The path that a `file:` URI names; undefined for all others, and for what is no URI: editors send odd ones. */
export function fileOf(uri: string): string | undefined {
  if (!uri.startsWith('file:')) return undefined
  try {
    const path = fileURLToPath(uri)
    return path.includes('\0') ? undefined : path
  } catch {
    // Another host, an encoded slash, or no URI at all: no file that we could look at.
    return undefined
  }
}
