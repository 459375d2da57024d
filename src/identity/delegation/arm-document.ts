import { z } from 'zod'
import { builtInRole } from '../roles/built-in.ts'
import { AssignmentUnclear, EligibleNotYet } from './failures.ts'
import { type Authorization, type OfferScope, type OfferTerms, offerTerms } from './offer.ts'
import type { Json } from './template/evaluate.ts'
import { writeText } from './template/expression.ts'
import { evaluateTemplate, type Given, malformed } from './template/template.ts'

const DEFINITION = 'Microsoft.ManagedServices/registrationDefinitions'
const ASSIGNMENT = 'Microsoft.ManagedServices/registrationAssignments'
const DEPLOYMENT = 'Microsoft.Resources/deployments'
const API_VERSION = '2022-10-01'

const common = { apiVersion: z.string(), name: z.string(), dependsOn: z.array(z.string()).optional() }

const definition = z.strictObject({
  ...common,
  type: z.literal(DEFINITION),
  properties: z.strictObject({
    registrationDefinitionName: z.string(),
    description: z.string().optional(),
    managedByTenantId: z.string(),
    managedByTenantName: z.string().optional(),
    authorizations: z.array(
      z.strictObject({
        principalId: z.string(),
        principalIdDisplayName: z.string().optional(),
        roleDefinitionId: z.string(),
        delegatedRoleDefinitionIds: z.array(z.string()).optional(),
      }),
    ),
    eligibleAuthorizations: z.array(z.unknown()).optional(),
  }),
})

const assignment = z.strictObject({
  ...common,
  type: z.literal(ASSIGNMENT),
  scope: z
    .string()
    .regex(/^\/resources\/[^/]+$/, 'a scope here is /resources/<name>')
    .optional(),
  properties: z.strictObject({ registrationDefinitionId: z.string() }),
})

const nested = z.strictObject({
  ...common,
  type: z.literal(DEPLOYMENT),
  resourceGroup: z.string().min(1),
  properties: z.strictObject({
    mode: z.string().optional(),
    template: z.looseObject({ resources: z.array(assignment) }),
  }),
})

const resource = z.discriminatedUnion('type', [definition, assignment, nested])

/** The offer in an ARM template of Lighthouse's: one definition, one assignment of it to a subscription or group. */
export function readArm(document: Json, given: Given): OfferTerms {
  const { resources } = evaluateTemplate(document, given)
  const read = z.array(resource).safeParse(resources)
  if (!read.success) throw malformed(read.error, 'resources')
  const definitions = read.data.filter(one => one.type === DEFINITION)
  const places = read.data.flatMap(place)
  const [defined] = definitions
  const [placed] = places
  if (!defined || !placed || definitions.length > 1 || places.length > 1) {
    throw AssignmentUnclear(definitions.length, places.length)
  }
  const { properties } = defined
  if (properties.eligibleAuthorizations?.length) throw EligibleNotYet()
  const id = `/providers/${DEFINITION}/${defined.name}`.toLowerCase()
  if (!placed.definitionId.toLowerCase().endsWith(id)) throw AssignmentUnclear(1, 0)
  const terms = offerTerms.safeParse({
    name: properties.registrationDefinitionName,
    description: properties.description ?? '',
    managingTenantId: properties.managedByTenantId,
    scope: placed.scope,
    authorizations: properties.authorizations.map(one => ({
      principalId: one.principalId,
      principalName: one.principalIdDisplayName ?? '',
      roleId: one.roleDefinitionId,
      delegatedRoleIds: one.delegatedRoleDefinitionIds ?? [],
    })),
  })
  if (!terms.success) throw malformed(terms.error, 'the offer')
  return terms.data
}

type Place = { readonly scope: OfferScope; readonly definitionId: string }

function place(one: z.output<typeof resource>): Place[] {
  if (one.type === DEFINITION) return []
  if (one.type === DEPLOYMENT) {
    const scope: OfferScope = { kind: 'group', name: one.resourceGroup }
    return one.properties.template.resources.map(inner => ({
      scope,
      definitionId: inner.properties.registrationDefinitionId,
    }))
  }
  const definitionId = one.properties.registrationDefinitionId
  if (one.scope === undefined) return [{ scope: { kind: 'tenant' }, definitionId }]
  return [{ scope: { kind: 'resource', name: one.scope.slice('/resources/'.length) }, definitionId }]
}

/** The offer as a template of the shape that Lighthouse's own page downloads; roles by Azure's ids where they have one. */
export function writeArm(terms: OfferTerms) {
  const registration = `[resourceId('${DEFINITION}/', variables('mspRegistrationName'))]`
  const assigned = {
    type: ASSIGNMENT,
    apiVersion: API_VERSION,
    name: "[variables('mspAssignmentName')]",
    ...(terms.scope.kind === 'resource' ? { scope: writeText(`/resources/${terms.scope.name}`) } : {}),
    dependsOn: [registration],
    properties: { registrationDefinitionId: registration },
  }
  return {
    $schema: 'https://schema.management.azure.com/schemas/2019-08-01/subscriptionDeploymentTemplate.json#',
    contentVersion: '1.0.0.0',
    parameters: {
      mspOfferName: text('Specify a unique name for your offer', terms.name),
      mspOfferDescription: text('Name of the Managed Service Provider offering', terms.description),
    },
    variables: {
      mspRegistrationName: "[guid(parameters('mspOfferName'))]",
      mspAssignmentName: "[guid(parameters('mspOfferName'))]",
      managedByTenantId: terms.managingTenantId,
      authorizations: terms.authorizations.map(writeAuthorization),
    },
    resources: [
      {
        type: DEFINITION,
        apiVersion: API_VERSION,
        name: "[variables('mspRegistrationName')]",
        properties: {
          registrationDefinitionName: "[parameters('mspOfferName')]",
          description: "[parameters('mspOfferDescription')]",
          managedByTenantId: "[variables('managedByTenantId')]",
          authorizations: "[variables('authorizations')]",
        },
      },
      terms.scope.kind === 'group' ? inGroup(terms.scope.name, assigned, registration) : assigned,
    ],
    outputs: {
      mspOfferName: { type: 'string', value: "[concat('Managed by', ' ', parameters('mspOfferName'))]" },
      authorizations: { type: 'array', value: "[variables('authorizations')]" },
    },
  }
}

/** As Lighthouse's template for a resource group has it: the assignment is deployed into the group. */
function inGroup(name: string, assigned: object, registration: string) {
  return {
    type: DEPLOYMENT,
    apiVersion: '2018-05-01',
    name: 'rgAssignment',
    resourceGroup: writeText(name),
    dependsOn: [registration],
    properties: {
      mode: 'Incremental',
      template: {
        $schema: 'https://schema.management.azure.com/schemas/2015-01-01/deploymentTemplate.json#',
        contentVersion: '1.0.0.0',
        parameters: {},
        resources: [{ ...assigned, dependsOn: [] }],
      },
    },
  }
}

function text(description: string, value: string) {
  return { type: 'string', metadata: { description }, defaultValue: writeText(value) }
}

function writeAuthorization(one: Authorization) {
  return {
    principalId: writeText(one.principalId),
    roleDefinitionId: outside(one.roleId),
    ...(one.delegatedRoleIds.length > 0 ? { delegatedRoleDefinitionIds: one.delegatedRoleIds.map(outside) } : {}),
    principalIdDisplayName: writeText(one.principalName),
  }
}

function outside(roleId: string): string {
  return builtInRole(roleId)?.azureId ?? roleId
}
