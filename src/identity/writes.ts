import { certificates } from './assertions/certificates.ts'
import { trusts } from './assertions/trusts.ts'
import { useAssertion } from './assertions/used.ts'
import { devices } from './device/devices.ts'
import { refreshSession } from './device/refresh.ts'
import { enterByProvider } from './oidc/enter.ts'
import { signInProviders } from './oidc/providers.ts'
import { ensureBuiltIn } from './principals/ensure-built-in.ts'
import { members } from './principals/members.ts'
import { principals } from './principals/principals.ts'
import { serviceSecrets } from './principals/secrets.ts'
import { assignments } from './roles/assignments.ts'
import { customRoles } from './roles/custom-roles.ts'
import { sessions } from './sessions/sessions.ts'
import { locks } from './tree/locks.ts'
import { nodes } from './tree/nodes.ts'
import { tenants } from './tree/tenants.ts'

/** Every write on tenants and what is in them; the control database's. */
export const tenantWrites = [
  ensureBuiltIn,
  enterByProvider,
  useAssertion,
  refreshSession,
  ...[
    certificates,
    trusts,
    tenants,
    nodes,
    locks,
    principals,
    members,
    serviceSecrets,
    customRoles,
    assignments,
    sessions,
    signInProviders,
    devices,
  ].flatMap(room => Object.values(room)),
]
