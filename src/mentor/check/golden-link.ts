import type { Citation } from '../citations/citation.ts'
import type { GoldenSource } from '../config/types.ts'

/**
 * Where a golden place can be looked at: at its host, else in an editor with the mentor. Never by a path of this machine,
 * which may hold somebody's name.
 */
export function goldenLink({ repository, commit, path }: Citation, golden: readonly GoldenSource[]): string {
  const source = golden.find(({ name }) => name === repository)?.source
  const url = source === undefined ? undefined : URL.parse(source)
  if (url?.protocol !== 'https:' && url?.protocol !== 'ssh:') {
    return `golden:/${encoded(repository)}@${commit}/${encoded(path)}`
  }
  const at = url.pathname.replace(/\/+$/, '').replace(/\.git$/, '')
  const host = url.protocol === 'https:' ? url.host : url.hostname
  // As GitHub has it; GitLab and Gitea lead on from there.
  return `https://${host}${at}/blob/${commit}/${encoded(path)}`
}

function encoded(path: string): string {
  return path.toWellFormed().split('/').map(encodeURIComponent).join('/')
}
