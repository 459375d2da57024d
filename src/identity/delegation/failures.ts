import { failure } from '../../kernel/index.ts'

export const DocumentUnreadable = failure('DELEGATION_DOCUMENT_UNREADABLE', 400, (why: string) => ({
  says: `This is no offer: ${why}`,
  next: 'Give an ARM template (JSON) or the YAML that the managing tenant exported: towpath offer export <offer>',
}))

export const AssignmentUnclear = failure(
  'DELEGATION_ASSIGNMENT_UNCLEAR',
  400,
  (definitions: number, assignments: number) => ({
    says: `The template has ${definitions} registrationDefinitions and ${assignments} registrationAssignments of them`,
    next: 'An offer is one definition and one assignment that refers to it; give each offer a template of its own',
  }),
)

export const EligibleNotYet = failure('DELEGATION_ELIGIBLE_NOT_YET', 400, () => ({
  says: 'The template has eligibleAuthorizations: access that somebody approves for a limited time',
  next: 'Time-boxed elevation comes with approvals and is not here yet: move what is needed always to authorizations, and take out the rest',
}))

/** In the words of the service that people know it from, so that a search finds them. */
export const DelegatedRolesRequired = failure('DELEGATION_ROLES_REQUIRED', 400, (who: string) => ({
  says: "The 'delegatedRoleDefinitionIds' property is required when using certain roleDefinitionIds for authorization.",
  next: `Give ${who} the role User Access Administrator (18d7d88d-d35e-4fb5-a5c3-7773c20a72d9) with delegatedRoleDefinitionIds: the roles that it may assign to managed identities; then have the customer accept that offer`,
}))

export const RoleNotDelegable = failure('DELEGATION_ROLE_REFUSED', 400, (role: string, why: string) => ({
  says: `${role} can not be delegated: ${why}`,
  next: 'Choose a built-in role without data and without access, such as Reader, Contributor or Monitoring Reader: towpath offer roles',
}))

export const AuthorizationUnfit = failure('DELEGATION_AUTHORIZATION_UNFIT', 400, (why: string) => ({
  says: `An authorization of this offer is not as it should be: ${why}`,
  next: 'Correct it and export the offer again',
}))

export const OfferUnknown = failure('DELEGATION_OFFER_UNKNOWN', 404, (what: string) => ({
  says: `There is no offer "${what}" in this tenant, or none that you may see`,
  next: 'List them: towpath offer list',
}))

export const OfferNameTaken = failure('DELEGATION_OFFER_NAME_TAKEN', 409, (name: string) => ({
  says: `There is an offer "${name}" in this tenant already`,
  next: 'Choose another name, or delete that one: what was accepted of it stays',
}))

export const PrincipalElsewhere = failure('DELEGATION_PRINCIPAL_UNKNOWN', 400, (name: string, id: string) => ({
  says: `The managing tenant has no principal ${name} (${id})`,
  next: `Ask them for the right id; where the offer was made elsewhere, say who it is here: --map ${id}=<principal id>`,
}))

export const ManagingTenantElsewhere = failure('DELEGATION_TENANT_UNKNOWN', 400, (id: string) => ({
  says: `The offer is of a tenant ${id}, which is not on this platform`,
  next: `Where it was made elsewhere, say which tenant that is here: --map ${id}=<tenant id>`,
}))

export const ManagesItself = failure('DELEGATION_TO_ITSELF', 400, () => ({
  says: 'This tenant made the offer itself: a delegation crosses tenants',
  next: 'Accept it in the customer’s tenant, or assign the role directly: towpath access assign',
}))

export const DelegationUnknown = failure('DELEGATION_UNKNOWN', 404, (id: string) => ({
  says: `There is no delegation ${id} in this tenant, or none that you may see`,
  next: 'List them: towpath delegation list',
}))

export const ScopeUnclear = failure('DELEGATION_SCOPE_UNCLEAR', 400, (what: string, found: number) => ({
  says:
    found === 0
      ? `The offer is for ${what}, which this tenant does not have`
      : `The offer is for ${what}, and this tenant has ${found} of that name`,
  next: 'Say where it shall hold: --scope /tenants/<id>/groups/<id> or /tenants/<id>/resources/<id>',
}))

export const RoleNotListed = failure('DELEGATION_ROLE_NOT_LISTED', 403, (role: string, listed: readonly string[]) => ({
  says: `${role} is not among the delegatedRoleDefinitionIds that the customer accepted`,
  next: `Assign one of them (${[...new Set(listed)].join(', ')}), or have the customer accept an offer that lists it`,
}))

export const NotForThat = failure('DELEGATION_NOT_FOR_THAT', 403, (name: string, kind: string) => ({
  says: `"${name}" is a ${kind}: delegated access is given to managed identities alone, and to agents of the managing tenant`,
  next: 'Name a managed identity, or have the customer assign the role itself: towpath access assign',
}))

export const ScopeLocked = failure('DELEGATION_SCOPE_LOCKED', 403, (scope: string, lock: string) => ({
  says: `The customer's lock ${lock} forbids changes at ${scope}, those of a managing tenant too`,
  next: 'Ask the customer to remove the lock first',
}))

export const ReviewChanged = failure('DELEGATION_REVIEW_CHANGED', 409, () => ({
  says: 'What would be accepted is not what was reviewed',
  next: 'Review it again, then accept that: towpath delegation review <file>',
}))
