import { builtInRole } from '../roles/built-in.ts'
import type { Authorization, OfferTerms } from './offer.ts'
import { ACCESS_ADMINISTRATOR, roleNameOf } from './rules.ts'

/** What the ids of an offer stand for; a review is for people. */
export type ReviewNames = {
  readonly managingTenant: string
  readonly customerTenant: string
  /** The customer's own. */
  readonly condition: string
  /** As the managing tenant's own row says, not as the offer claims. */
  principal(id: string): { readonly name: string; readonly kind: string }
}

/** An offer (checked by `checkTerms`) in plain sentences: who gets what where, what they do not get, and how it ends. */
export function review(terms: OfferTerms, names: ReviewNames): string[] {
  const { managingTenant } = names
  const about = terms.description === '' || terms.description === terms.name ? '' : ` (${terms.description})`
  const grants = terms.authorizations.map(one => `${grant(one, names)}.`)
  const mayAssign = terms.authorizations.some(one => one.roleId === ACCESS_ADMINISTRATOR)
  return [
    `"${terms.name}"${about} is offered by tenant ${managingTenant}.`,
    `It reaches ${place(terms, names)}.`,
    ...grants,
    ...(names.condition === '' ? [] : [`All of it counts only where ${names.condition}.`]),
    mayAssign
      ? 'Nobody of theirs may change who has access in any other way, and nobody sees what registries hold.'
      : 'Nobody of theirs may change who has access, and nobody sees what registries hold.',
    'Your locks bind them as they bind you, and everything they do stands in your audit and in theirs.',
    'You can revoke it at any time; their next request is refused.',
  ]
}

function grant(one: Authorization, names: ReviewNames): string {
  const { name, kind } = names.principal(one.principalId)
  const who = `${name} (${words[kind] ?? kind} of ${names.managingTenant})`
  if (one.roleId === ACCESS_ADMINISTRATOR) {
    const listed = joined(one.delegatedRoleIds.map(roleNameOf))
    return `${who} may give ${listed}, and no other role, to managed identities of your tenant and to agents of ${names.managingTenant}, and to nobody else`
  }
  const role = builtInRole(one.roleId)
  return `${who} gets ${roleNameOf(one.roleId)}: ${lower(role?.description ?? '')}`
}

const words: Readonly<Record<string, string>> = {
  user: 'a person',
  group: 'every member of a group',
  service: 'a program',
  managed: 'a managed identity',
  agent: 'an agent',
}

function place({ scope }: OfferTerms, { customerTenant }: ReviewNames): string {
  if (scope.kind === 'tenant') return `all of your tenant ${customerTenant}, with what is added later`
  if (scope.kind === 'group')
    return `the group ${scope.name} of your tenant ${customerTenant}, with what is added to it later`
  return `the resource ${scope.name} of your tenant ${customerTenant}, and nothing else`
}

function joined(parts: readonly string[]): string {
  const last = parts.at(-1) ?? ''
  return parts.length < 2 ? last : `${parts.slice(0, -1).join(', ')} and ${last}`
}

function lower(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1)
}
