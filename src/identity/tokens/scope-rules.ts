import { failure } from '../../kernel/index.ts'
import type { Limit, RegistryAction } from '../access.ts'
import { isRepositoryName } from './scope.ts'

/** What one line of a scope map may allow, as ACR names it, and the registry's own action that it stands for. */
const ACTIONS = {
  'content/read': 'pull',
  'content/write': 'push',
  'content/delete': 'delete',
  'metadata/read': 'metadata_read',
  'metadata/write': 'metadata_write',
} as const satisfies Record<string, RegistryAction>
type MapAction = keyof typeof ACTIONS

// One bit an action: a lookup then joins what several lines say with one number.
const BITS: Readonly<Record<string, number>> = Object.fromEntries(
  Object.values(ACTIONS).map((action, i) => [action, 1 << i]),
)

export const ScopeActionMalformed = failure('SCOPE_MAP_ACTION_MALFORMED', 400, (text: string, why: string) => ({
  says: `"${text.slice(0, 100)}" can't stand in a scope map: ${why}`,
  next: `Write repositories/<repository>/<action>, or repositories/<start>/*/<action>; actions: ${Object.keys(ACTIONS).join(', ')}`,
}))

/** ACR's own limit is 500 repositories a map; the whole map stands in every region's memory. */
export const MOST_ACTIONS = 500

const PREFIX = 'repositories/'

type Line = { repository: string; action: MapAction }

/** One line in the form that it is kept in: the action in lower case. Throws `ScopeActionMalformed`. */
export function parseScopeAction(text: string): string {
  const { repository, action } = parse(text)
  return `${PREFIX}${repository}/${action}`
}

function parse(text: string): Line {
  // az compares actions without regard to case.
  const [verb, noun] = text.toLowerCase().split('/').reverse()
  const action = `${noun}/${verb}`
  if (!isAction(action)) throw ScopeActionMalformed(text, 'it ends in no action that there is')
  if (!text.toLowerCase().startsWith(PREFIX)) throw ScopeActionMalformed(text, `it does not begin with ${PREFIX}`)
  const repository = text.slice(PREFIX.length, -(action.length + 1))
  const named = repository.endsWith('/*') ? repository.slice(0, -2) : repository
  if (repository !== '*' && !isRepositoryName(named)) {
    throw ScopeActionMalformed(text, `"${repository.slice(0, 100)}" is no repository, and "*" stands only at the end`)
  }
  return { repository, action }
}

function isAction(text: string): text is MapAction {
  return Object.hasOwn(ACTIONS, text)
}

/** What a scope map allows, joined over all its lines. `actions` as `parseScopeAction` gives them. */
export function scopeRules(actions: readonly string[]): Limit {
  let all = 0
  const exact = new Map<string, number>()
  const below = new Map<string, number>()
  for (const { repository, action } of actions.map(parse)) {
    const bit = BITS[ACTIONS[action]] ?? 0
    if (repository === '*') all |= bit
    else if (repository.endsWith('/*')) join(below, repository.slice(0, -1), bit)
    else join(exact, repository, bit)
  }
  return {
    permits(action, repository) {
      // The catalog names repositories that a scope map may not: it has no bit, so it is never allowed.
      const bit = BITS[action]
      if (bit === undefined) return false
      if (((all | (exact.get(repository) ?? 0)) & bit) !== 0) return true
      if (below.size === 0) return false
      for (let end = repository.indexOf('/'); end !== -1; end = repository.indexOf('/', end + 1)) {
        if (((below.get(repository.slice(0, end + 1)) ?? 0) & bit) !== 0) return true
      }
      return false
    },
  }
}

function join(map: Map<string, number>, key: string, bit: number): void {
  map.set(key, (map.get(key) ?? 0) | bit)
}
