import { ACTIONS, DATA_ACTIONS, PLATFORM_ACTIONS } from '../roles/actions.ts'

// What a condition may look at, besides `principal` and `resource`. Milliseconds since 1970, and the caller's address.
const CONTEXT = '{ now: Long, address?: ipaddr }'

/** The types that every policy is checked against, as Cedar writes them. */
export const CEDAR_SCHEMA = `namespace Towpath {
  entity Platform;
  entity Node in [Node] = { kind: String, name: String };
  entity Principal in [Principal] = { kind: String, name: String, enabled: Bool, platformAdministrator: Bool };
  action ${quoted(PLATFORM_ACTIONS)} appliesTo { principal: Principal, resource: Platform, context: ${CONTEXT} };
  action ${quoted([...ACTIONS, ...DATA_ACTIONS])} appliesTo { principal: Principal, resource: Node, context: ${CONTEXT} };
}`

function quoted(names: readonly string[]): string {
  return names.map(name => JSON.stringify(name)).join(', ')
}
