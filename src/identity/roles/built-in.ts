import { ACCESS_WRITES } from './actions.ts'
import type { Role } from './role.ts'

type Spec = Partial<Pick<Role, 'actions' | 'notActions' | 'dataActions' | 'azureId'>> & { description: string }

function builtIn(id: string, name: string, spec: Spec): Role {
  return { actions: [], notActions: [], dataActions: [], ...spec, id, name, builtIn: true }
}

// Reading a thing that a person looks at; not who may do what.
const LOOK = ['tenant/read', 'group/read', 'registry/read', 'pipeline/read', 'cluster/read', 'agent/read']

/** The same in every tenant. Names and ids are Azure's where the role is, so that its templates mean what they say. */
export const BUILT_IN_ROLES: readonly Role[] = [
  builtIn('rol_owner', 'Owner', {
    azureId: '8e3af657-a8ff-443c-a75c-2fe8c4bcb635',
    description: 'Everything, and who may do it',
    actions: ['*'],
    dataActions: ['*'],
  }),
  builtIn('rol_contributor', 'Contributor', {
    azureId: 'b24988ac-6180-42a0-ab88-20f7382dd24c',
    description: 'Everything but who may do it',
    actions: ['*'],
    notActions: [...ACCESS_WRITES, 'approval/decide', 'tenant/write', 'tenant/delete'],
  }),
  builtIn('rol_reader', 'Reader', {
    azureId: 'acdd72a7-3385-48ef-bd42-f606fba81ae7',
    description: 'Sees everything but content and secrets, changes nothing',
    actions: [
      ...LOOK,
      'identity/read',
      'principal/read',
      'role/read',
      'access/read',
      'sign-in-provider/read',
      'lock/read',
      'delegation/read',
      'token/read',
      'webhook/read',
      'policy/read',
      'approval/read',
      'audit/read',
      'metric/read',
      'log/read',
    ],
  }),
  builtIn('rol_user_access_administrator', 'User Access Administrator', {
    azureId: '18d7d88d-d35e-4fb5-a5c3-7773c20a72d9',
    description: 'Who may do what; sees everything but content',
    actions: [
      ...LOOK,
      'identity/read',
      'principal/read',
      'role/read',
      'lock/*',
      'delegation/*',
      'access/*',
      'approval/read',
      'token/read',
    ],
  }),
  builtIn('rol_monitoring_reader', 'Monitoring Reader', {
    azureId: '43d0d8ad-25c7-4714-9337-8ba259a9fe05',
    description: 'Resources and their metrics and logs',
    actions: [...LOOK, 'metric/read', 'log/read'],
  }),
  builtIn('rol_log_analytics_reader', 'Log Analytics Reader', {
    azureId: '73c42c96-874c-492b-b04d-ab87d138a893',
    description: 'Resources and their logs',
    actions: [...LOOK, 'log/read', 'metric/read'],
  }),
  builtIn('rol_log_analytics_contributor', 'Log Analytics Contributor', {
    azureId: '92aaf0da-9dab-42b6-94a3-d43ce8d16293',
    description: 'Reads logs and changes what is logged',
    actions: [...LOOK, 'log/*', 'metric/read'],
  }),
  builtIn('rol_managed_identity_contributor', 'Managed Identity Contributor', {
    azureId: 'e40ec5ca-96e0-45a2-b4ff-59039f2c2b59',
    description: 'Makes, changes and deletes managed identities',
    actions: ['tenant/read', 'group/read', 'identity/*', 'principal/read'],
  }),
  builtIn('rol_acr_pull', 'AcrPull', {
    azureId: '7f951dda-4ed3-4680-a7ca-43fe172d538d',
    description: 'Pulls from registries',
    actions: ['registry/read'],
    dataActions: ['registry/content/read', 'registry/metadata/read'],
  }),
  builtIn('rol_acr_push', 'AcrPush', {
    azureId: '8311e382-0749-4cb8-b61a-304f252e45ec',
    description: 'Pulls from registries and pushes to them',
    actions: ['registry/read'],
    dataActions: [
      'registry/content/read',
      'registry/content/write',
      'registry/metadata/read',
      'registry/metadata/write',
    ],
  }),
  builtIn('rol_acr_delete', 'AcrDelete', {
    azureId: 'c2f4ef07-c644-48eb-af81-4b1b4947fb11',
    description: 'Deletes from registries',
    actions: ['registry/read'],
    dataActions: ['registry/content/delete'],
  }),
  builtIn('rol_delivery_approver', 'Delivery Approver', {
    description: 'Decides at the gates of pipelines',
    actions: [...LOOK, 'approval/read', 'approval/decide'],
  }),
  builtIn('rol_agent_operator', 'Agent Operator', {
    description: 'Runs agents and sees what they did',
    actions: [...LOOK, 'agent/operate', 'approval/read', 'audit/read', 'metric/read', 'log/read'],
  }),
]

const byId = new Map(BUILT_IN_ROLES.flatMap(role => [role.id, role.azureId ?? role.id].map(id => [id, role] as const)))

/** By our id or by Azure's, in any case. */
export function builtInRole(id: string): Role | undefined {
  return byId.get(id.toLowerCase())
}
