export {
  type Assignment,
  type AssignmentBody,
  assignmentBody,
  assignmentList,
  assignmentShape,
  type Decision,
  type DecisionQuery,
  decisionQuery,
  decisionShape,
  type ListedAssignment,
} from './access.ts'
export {
  type AdminPassword,
  type AdminPasswordBody,
  type AdminPasswordList,
  adminPasswordBody,
  adminPasswordList,
  adminPasswordShape,
} from './admin.ts'
export {
  type AuditCheck,
  type AuditExportQuery,
  type AuditHead,
  type AuditQuery,
  type AuditRecord,
  type AuditRecordList,
  type AuditVerifyQuery,
  auditChainList,
  auditChainQuery,
  auditCheckShape,
  auditExportQuery,
  auditHeadShape,
  auditQuery,
  auditRecordList,
  auditRecordShape,
  auditVerifyQuery,
} from './audit.ts'
export {
  type Delegation,
  type DelegationBody,
  type DelegationQuery,
  delegationBody,
  delegationList,
  delegationQuery,
  delegationShape,
  type Review,
  type ReviewBody,
  reviewBody,
  reviewShape,
  type ServiceProviderList,
  serviceProviderList,
} from './delegations.ts'
export {
  type ApiToken,
  apiTokenShape,
  cliClientId,
  type Device,
  type DeviceAnswer,
  deviceAnswer,
  deviceGrant,
  deviceShape,
  deviceStarted,
  oauthErrorShape,
} from './device.ts'
export { eventsQuery, type Live, liveShape } from './events.ts'
export { idField, nothing } from './fields.ts'
export {
  type GroupBody,
  groupBody,
  type MoveBody,
  moveBody,
  type Place,
  placeList,
  placeShape,
} from './groups.ts'
export { type Job, type JobQuery, jobList, jobQuery, jobRetryShape, jobShape } from './jobs.ts'
export { type Lock, type LockBody, lockBody, lockList, lockShape } from './locks.ts'
export {
  type CustomerAssignment,
  type CustomerAssignmentBody,
  type CustomerResourceList,
  customerAssignmentBody,
  customerAssignmentShape,
  customerResourceList,
  type MissingList,
  missingList,
  type PickBody,
  type Picked,
  pickBody,
  pickShape,
} from './managed.ts'
export {
  type DelegableRoleList,
  type DocumentQuery,
  delegableRoleList,
  documentQuery,
  documentShape,
  type Grant,
  type Offer,
  type OfferBody,
  type OfferDocument,
  offerBody,
  offerList,
  offerShape,
} from './offers.ts'
export {
  type Certificate,
  type CertificateBody,
  certificateBody,
  certificateShape,
  type Federation,
  type FederationBody,
  federationBody,
  federationShape,
  type NewSecret,
  newSecretShape,
  type Principal,
  type PrincipalBody,
  type PrincipalChange,
  principalBody,
  principalChange,
  principalList,
  principalShape,
  type SecretBody,
  secretBody,
  type WholePrincipal,
  wholePrincipalShape,
} from './principals.ts'
export { type Problem, problemShape } from './problem.ts'
export {
  type Registry,
  type RegistryBody,
  type RegistryChange,
  type RegistryLogin,
  type RegistryLoginBody,
  registryBody,
  registryChange,
  registryList,
  registryLogin,
  registryLoginBody,
  registryShape,
} from './registries.ts'
export { type Role, type RoleBody, type RoleList, roleBody, roleList, roleShape } from './roles.ts'
export {
  type ScopeMap,
  type ScopeMapBody,
  type ScopeMapChange,
  scopeMapBody,
  scopeMapChange,
  scopeMapList,
  scopeMapShape,
} from './scope-maps.ts'
export { rotatedMasterKeyShape, type SecretList, secretList, secretsQuery } from './secrets.ts'
export {
  type Session,
  type SessionBody,
  type SessionList,
  type SignedOut,
  type SignIn,
  sessionBody,
  sessionList,
  sessionShape,
  signedOutShape,
  signInShape,
} from './sessions.ts'
export {
  type SignInProvider,
  type SignInProviderBody,
  type SignInProviderChange,
  signInProviderBody,
  signInProviderChange,
  signInProviderList,
  signInProviderShape,
} from './sign-in-providers.ts'
export { type SigningKeyBody, type SigningKeyList, signingKeyBody, signingKeyList } from './signing-keys.ts'
export {
  aliveShape,
  notReadyShape,
  type ProcessState,
  processShape,
  readyShape,
  type Status,
  statusShape,
} from './status.ts'
export { type Tenant, type TenantBody, tenantBody, tenantList, tenantShape } from './tenants.ts'
export {
  type PasswordBody,
  type PasswordName,
  passwordBody,
  passwordName,
  type Token,
  type TokenBody,
  type TokenChange,
  tokenBody,
  tokenChange,
  tokenList,
  tokenShape,
} from './tokens.ts'
