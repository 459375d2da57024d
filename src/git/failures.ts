import { failure, scrub } from '../kernel/index.ts'

export const GitMissing = failure('GIT_MISSING', 503, () => ({
  says: 'The program git was not found',
  next: 'Install git (2.34 or later) and make sure that it is on the PATH',
}))

export const GitFailed = failure('GIT_FAILED', 502, (what: string, code: number | string, told: string) => ({
  says: `git ${what} ended with ${code}: ${shown(told)}`,
  next: 'Run the same by hand to see more; where it asks for a password, set up a credential helper or an ssh agent',
}))

export const GitSlow = failure('GIT_SLOW', 504, (what: string, seconds: number) => ({
  says: `git ${what} took longer than ${seconds} s and was stopped`,
  next: 'Check that the source can be reached from here, and try again: what arrived is kept',
}))

export const GitTooMuch = failure('GIT_TOO_MUCH', 413, (what: string, limit: number) => ({
  says: `git ${what} answered with more than ${limit} bytes`,
  next: 'Ask for less: this is far more than a repository of sources has',
}))

export const SourceRefused = failure('GIT_SOURCE_REFUSED', 400, (source: string, why: string) => ({
  says: `The source ${JSON.stringify(scrub(source).slice(0, 200))} is refused: ${why}`,
  next: 'Give https://host/path, ssh://host/path, git@host:path, file:///path or an absolute path',
}))

export const RefRefused = failure('GIT_REF_REFUSED', 400, (ref: string, why: string) => ({
  says: `The ref ${JSON.stringify(ref.slice(0, 200))} is refused: ${why}`,
  next: 'Give a branch, a tag or a full commit hash',
}))

export const RefUnknown = failure('GIT_REF_UNKNOWN', 404, (ref: string) => ({
  says: `${JSON.stringify(ref.slice(0, 200))} is not in this repository`,
  next: 'Check the spelling of the branch or tag; of a commit, give the full hash',
}))

const LONGEST = 500

/** What git complains of, without what it may have echoed of a URL's secrets. */
function shown(told: string): string {
  const lines = told
    .trim()
    .split(/[\r\n]+/)
    .filter(line => line !== '')
  const complaints = lines.filter(line => /^(?:fatal|error|ssh): /.test(line))
  const said = complaints.length > 0 ? complaints.slice(0, 3) : lines.slice(-3)
  return scrub(said.join('; ')).slice(0, LONGEST) || 'it said nothing'
}
