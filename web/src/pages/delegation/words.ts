import type { Offer, Place } from '../../../../src/api/index.ts'
import { Problem, problemOf } from '../../api/problem.ts'
import { scopeName } from '../access/place-names.ts'

/** `A, B and C`. */
export function joined(parts: readonly string[]): string {
  return new Intl.ListFormat('en', { type: 'conjunction' }).format(parts).replace(', and ', ' and ')
}

/** What an offer is for; which place that is, the customer's tree says. */
export function offerPlace({ scope }: Offer): string {
  if (scope.kind === 'tenant') return 'The whole tenant'
  return `${scope.kind === 'group' ? 'Group' : 'Resource'} “${scope.name}”`
}

/** Where a delegation holds, as far as its places are to be seen. */
export function delegationPlace(places: readonly Place[], scope: string): string {
  return isTenant(scope) ? 'The whole tenant' : scopeName(places, scope)
}

export function isTenant(scope: string): boolean {
  return /^\/tenants\/[^/]+$/.test(scope)
}

/** What to do on the page, where control can only say what to do at the command line. */
const ON_PAGE: Readonly<Record<string, string>> = {
  DELEGATION_DOCUMENT_UNREADABLE: 'Ask the service provider for the file again: an ARM template (JSON) or YAML.',
  DELEGATION_TENANT_UNKNOWN: 'Ask them for the id of their tenant here, and enter it above for theirs.',
  DELEGATION_PRINCIPAL_UNKNOWN:
    'Ask them for the right id; if it is one of another directory, enter above whose it is here.',
  DELEGATION_SCOPE_UNCLEAR: 'Choose above where it shall hold.',
  DELEGATION_TO_ITSELF: 'Switch to the customer’s tenant and accept it there.',
  DELEGATION_REVIEW_CHANGED: 'Nothing was accepted. Review it again, and accept that.',
  DELEGATION_OFFER_NAME_TAKEN: 'Choose another name, or withdraw that offer: what customers accepted of it stays.',
  DELEGATION_ROLE_REFUSED: 'Choose a role without data and without access, such as Reader or Contributor.',
}

export function onPage(error: unknown): Problem {
  const { code, status, says, next } = problemOf(error)
  return new Problem({ code, status, says, next: ON_PAGE[code] ?? next })
}
