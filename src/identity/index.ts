export type { Access, Caller, RegistryAction, Verdict } from './access.ts'
export { type ApiTokens, createApiTokens } from './api-tokens/api-tokens.ts'
export { GrantUnknown, InvalidRequest } from './api-tokens/failures.ts'
export { createSignInClient, type SignInClient } from './api-tokens/sign-in-client.ts'
export { readCertificate } from './assertions/certificate.ts'
export { certificates, readCertificatePage, readCertificates } from './assertions/certificates.ts'
export { createIssuerKeys } from './assertions/issuer-keys.ts'
export { readTrusts, trusts } from './assertions/trusts.ts'
export { auditActor } from './audit-actor.ts'
export { Unauthorized } from './authorization-header.ts'
export { type Authorizer, createAuthorizer } from './authorizer.ts'
export {
  type AdminCredential,
  ensureAdmin,
  identityMigrations,
  identityWrites,
  readCredentials,
  rotateAdminPassword,
} from './credentials.ts'
export { checkCondition } from './decide/condition.ts'
export { createDecide, type Decide } from './decide/decide.ts'
export type { Decision } from './decide/decision.ts'
export { writeArm } from './delegation/arm-document.ts'
export { assignable, assignDelegated, reaching } from './delegation/assign.ts'
export { customersResources } from './delegation/customers.ts'
export {
  type Delegation,
  delegations,
  readDelegatedTo,
  readDelegation,
  readDelegations,
} from './delegation/delegations.ts'
export { DelegatedRolesRequired, DelegationUnknown, OfferUnknown, ReviewChanged } from './delegation/failures.ts'
export { missingPermissions, smallestRoles } from './delegation/missing.ts'
export { writeYaml } from './delegation/offer-document.ts'
export { findOffer, type Offer, offers, readOffer, readOffers } from './delegation/offers.ts'
export { type OfferUpload, prepareOffer } from './delegation/prepare-offer.ts'
export { delegableRoles, roleIdOf, roleNameOf } from './delegation/rules.ts'
export { delegationMigrations } from './delegation/schema.ts'
export { delegationWrites } from './delegation/writes.ts'
export { userCodeText } from './device/codes.ts'
export { createDeviceFlow, type DeviceFlow, type Opened } from './device/device-flow.ts'
export { devices } from './device/devices.ts'
export { NotByThis } from './device/failures.ts'
export { HostMalformed, parseHost } from './host.ts'
export { type IdentityRows, identityRows, type RegistryFacts } from './identity-rows.ts'
export { checkIssuer } from './oidc/discovery.ts'
export { enterByProvider } from './oidc/enter.ts'
export { LoginExpired, ProviderUnknown } from './oidc/failures.ts'
export { openLogin, sealLogin } from './oidc/login-cookie.ts'
export { createOidcClient, type OidcClient } from './oidc/oidc-client.ts'
export { type SignInProvider, secretContext } from './oidc/provider.ts'
export {
  findProvider,
  readClientSecretPage,
  readProviders,
  readSealedSecret,
  signInProviders,
} from './oidc/providers.ts'
export { returnPath } from './oidc/return-path.ts'
export { ensureBuiltIn } from './principals/ensure-built-in.ts'
export { PrincipalUnknown } from './principals/failures.ts'
export { members, readMembers } from './principals/members.ts'
export {
  ADMIN_PRINCIPAL,
  type Principal,
  type PrincipalKind,
  type PrincipalRef,
  type SignedIn,
} from './principals/principal.ts'
export { principals, readPrincipal, readPrincipals } from './principals/principals.ts'
export { readSecrets, readServiceSecretPage, serviceSecrets } from './principals/secrets.ts'
export { createPrincipalSignIn, newSecret, type SignInPrincipal } from './principals/sign-in.ts'
export { type AccessReader, createAccessReader } from './registry-access/access-reader.ts'
export { readEnded } from './registry-access/ended.ts'
export { opensAny, REFRESH_USER, signLogin } from './registry-access/login.ts'
export { callerOf } from './registry-access/principal-caller.ts'
export { ACTIONS, type Action, DATA_ACTIONS, type PlatformAction } from './roles/actions.ts'
export type { Assignment } from './roles/assignment.ts'
export { assignments, readAssignment, readAssignments } from './roles/assignments.ts'
export { customRoles, readRoles } from './roles/custom-roles.ts'
export { AssignmentUnknown } from './roles/failures.ts'
export type { Role } from './roles/role.ts'
export { endRestored } from './sessions/end-restored.ts'
export { SignInRefused } from './sessions/failures.ts'
export { findSession, type LiveSession, readSession, readSessionsOf } from './sessions/rows.ts'
export { csrfTokenOf, hashOfSecret, isCsrfTokenOf, newSessionSecret } from './sessions/secret.ts'
export { SEEN_FOR, type SessionKind, type SignInSession } from './sessions/session.ts'
export { sessions } from './sessions/sessions.ts'
export { challenge } from './tokens/challenge.ts'
export { ScopeMapUnknown, TokenUnknown } from './tokens/failures.ts'
export { createKeyRing, type KeyRing, type PublishedKey } from './tokens/key-ring.ts'
export { readSigningKeys, signingKeys } from './tokens/key-rows.ts'
export { newTokenPassword } from './tokens/password.ts'
export {
  findScopeMap,
  findToken,
  type RegistryToken,
  readScopeMaps,
  readTokenConfigs,
  readTokenPasswordPage,
  readTokens,
  type TokenConfig,
} from './tokens/rows.ts'
export { tokenMigrations, tokenWrites } from './tokens/schema.ts'
export { formatScope } from './tokens/scope.ts'
export type { ScopeMap } from './tokens/scope-map.ts'
export { scopeMaps } from './tokens/scope-map-writes.ts'
export {
  addSigningKey,
  ensureSigningKey,
  newSigningKey,
  ownSigningKeys,
  type SigningKey,
} from './tokens/signing-key.ts'
export { createTokenEndpoint, type TokenEndpoint, tokenPaths } from './tokens/token-endpoint.ts'
export { registryTokens } from './tokens/token-writes.ts'
export { changed } from './tree/change.ts'
export { NodeUnknown } from './tree/failures.ts'
export { locks, readLock, readLocks } from './tree/locks.ts'
export { DEFAULT_TENANT, type Lock, nodeScope, type ResourceNode, type Tenant } from './tree/node.ts'
export { deleteNode, insertNode, nodes, readNode, readNodeById, readNodes, readOwners } from './tree/nodes.ts'
export { tenantMigrations } from './tree/schema.ts'
export { parseScope, type Scope, ScopeMalformed, scopeText, tenantScope } from './tree/scope.ts'
export { findTenant, readTenant, readTenants, tenants } from './tree/tenants.ts'
export { tenantWrites } from './writes.ts'
