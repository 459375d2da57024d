import type { Place } from '../place.ts'

type GoldenFile = Pick<Place, 'repository' | 'commit' | 'path'>

export const GOLDEN_SCHEME = 'golden'

/** `golden:/owner/name@<commit>/src/a.ts`: the commit in full, so that the text behind it never changes. */
export function goldenUri({ repository, commit, path }: GoldenFile): string {
  return `${GOLDEN_SCHEME}:/${encode(repository)}@${commit}/${encode(path)}`
}

const form = /^golden:\/{1,3}(.{1,300}?)@([0-9a-f]{40,64})\/([^?#]{1,6000})/

/** Undefined where it is not one of ours. Editors write it anew: some encode `@`, some put a fragment at its end. */
export function parseGoldenUri(uri: string): GoldenFile | undefined {
  const found = form.exec(uri.slice(0, 8_000).replaceAll('%40', '@'))
  if (!found) return undefined
  const [, repository = '', commit = '', path = ''] = found
  try {
    return { repository: decodeURIComponent(repository), commit, path: decodeURIComponent(path) }
  } catch {
    // A lone % or no UTF-8: not written by us.
    return undefined
  }
}

/** As they are written back by editors: slashes are none of a name's letters, and the rest is encoded. */
function encode(path: string): string {
  return path.toWellFormed().split('/').map(encodeURIComponent).join('/')
}
