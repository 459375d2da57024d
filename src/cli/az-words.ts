import type { Command } from 'commander'
import { failure } from '../kernel/index.ts'

/** What commands share that are called as ACR's own are: `towpath token create -n robot -r default`. */

export const UsageWrong = failure('CLI_USAGE', 400, (says: string, next: string) => ({ says, next }))

export type Named = { name?: string; registry: string }

/** The name as first word or as --name, and the registry that it is in. */
export function named(command: Command): Command {
  return command
    .argument('[name]')
    .option('-n, --name <name>', 'instead of the first word')
    .option('-r, --registry <name>', 'which registry', 'default')
}

export function nameOf(word: string | undefined, { name }: Pick<Named, 'name'>, what: string): string {
  const found = word ?? name
  if (found === undefined) throw UsageWrong(`Which ${what}?`, 'Name it: as the first word, or with --name')
  return found
}

const ACTION = /^(?:content|metadata)\/(?:read|write|delete)$/i

/**
 * `--repository team/app content/read content/write --repository other content/read`: the words of all of them in one
 * row, as the parser gives them. The first word of all is a repository; later ones are where they are no action.
 */
export function scopeActions(words: readonly string[]): string[] {
  const made: string[] = []
  let repository = ''
  let bare = false
  for (const [i, word] of words.entries()) {
    if (i > 0 && ACTION.test(word)) {
      made.push(`repositories/${repository}/${word}`)
      bare = false
      continue
    }
    if (bare) throw noAction(repository)
    repository = word
    bare = true
  }
  if (bare) throw noAction(repository)
  return made
}

function noAction(repository: string): Error {
  const actions = 'content/read, content/write, content/delete, metadata/read, metadata/write'
  return UsageWrong(`"${repository}" is followed by no action`, `Put one or more after it: ${actions}`)
}

const DAY_MS = 24 * 3600 * 1000

/** `--expiration-in-days 30` or `--expiration 2027-01-31T12:00:00Z`, as milliseconds; null: never. */
export function expiryOf(
  { expiration, expirationInDays }: { expiration?: string; expirationInDays?: string },
  now: number,
): number | null {
  if (expirationInDays !== undefined) {
    const days = Number(expirationInDays)
    if (!Number.isInteger(days) || days < 1 || days > 36_500) {
      throw UsageWrong(`"${expirationInDays}" is no number of days`, '--expiration-in-days takes whole days, 1 or more')
    }
    return now + days * DAY_MS
  }
  if (expiration === undefined) return null
  const at = Date.parse(expiration)
  if (Number.isNaN(at)) {
    throw UsageWrong(`"${expiration}" is no time`, '--expiration takes one such as 2027-01-31T12:00:00Z')
  }
  return at
}
