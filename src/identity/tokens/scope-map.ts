/** What a token may do in its registry; a row, or one of the system's. */
export type ScopeMap = {
  readonly registryId: string
  readonly name: string
  readonly type: 'UserDefined' | 'SystemDefined'
  readonly description: string
  /** `repositories/<repository>/<action>`, sorted. */
  readonly actions: readonly string[]
  /** UTC milliseconds; 0 for the system's own. */
  readonly createdAt: number
}

/** What every registry has from the start, by the names that ACR gives them. */
export const SYSTEM_SCOPE_MAPS: readonly Omit<ScopeMap, 'registryId'>[] = [
  {
    name: '_repositories_admin',
    type: 'SystemDefined',
    description: 'Can perform all read, write and delete operations on the registry',
    actions: ['content/delete', 'content/read', 'content/write', 'metadata/read', 'metadata/write'].map(onAll),
    createdAt: 0,
  },
  {
    name: '_repositories_pull',
    type: 'SystemDefined',
    description: 'Can pull any repository of the registry',
    actions: ['content/read'].map(onAll),
    createdAt: 0,
  },
  {
    name: '_repositories_push',
    type: 'SystemDefined',
    description: 'Can push to any repository of the registry',
    actions: ['content/read', 'content/write'].map(onAll),
    createdAt: 0,
  },
]

function onAll(action: string): string {
  return `repositories/*/${action}`
}
