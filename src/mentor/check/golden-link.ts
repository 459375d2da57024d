import type { Citation } from '../citations/citation.ts'
import type { GoldenSource } from '../config/types.ts'
import { goldenUri } from '../server/golden-uri.ts'

/**
 * Where a golden place can be looked at: at its host, else in an editor with the mentor. Never by a path of this machine,
 * which may hold somebody's name.
 */
export function goldenLink(citation: Citation, golden: readonly GoldenSource[]): string {
  const { commit, path } = citation
  const source = golden.find(({ name }) => name === citation.repository)?.source
  const url = source === undefined ? undefined : URL.parse(source)
  if (url?.protocol !== 'https:' && url?.protocol !== 'ssh:') return goldenUri(citation)
  const at = url.pathname.replace(/\/+$/, '').replace(/\.git$/, '')
  const host = url.protocol === 'https:' ? url.host : url.hostname
  // As GitHub has it; GitLab and Gitea lead on from there.
  return `https://${host}${at}/blob/${commit}/${path.toWellFormed().split('/').map(encodeURIComponent).join('/')}`
}
