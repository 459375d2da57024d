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
} from './access.ts'
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
export { type Lock, type LockBody, lockBody, lockList, lockShape } from './locks.ts'
export {
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
export { type Role, type RoleBody, type RoleList, roleBody, roleList, roleShape } from './roles.ts'
export { type Tenant, type TenantBody, tenantBody, tenantList, tenantShape } from './tenants.ts'
