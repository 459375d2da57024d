const DEFINITIONS = 'Microsoft.ManagedServices/registrationDefinitions/'
const person = { principalId: '504adfc5-da83-47d4-8709-000000000000', principalIdDisplayName: 'Pranab Mandal' }
const agent = {
  principalId: '0374ff5c-5272-49fa-878a-000000000000',
  principalIdDisplayName: 'sre-agent-ext-sub1-4n4y4v5jjdtuu',
}
const named = (description: string) => ({
  type: 'string',
  metadata: { description },
  defaultValue: 'lighthouse-sre-demo',
})

/** The template of "Azure SRE Agent in a multi-tenant world", every field of it: two parameters, four variables, two resources, two outputs. */
export const articleTemplate = {
  $schema: 'https://schema.management.azure.com/schemas/2019-08-01/subscriptionDeploymentTemplate.json#',
  contentVersion: '1.0.0.0',
  parameters: {
    mspOfferName: named('Specify a unique name for your offer'),
    mspOfferDescription: named('Name of the Managed Service Provider offering'),
  },
  variables: {
    mspRegistrationName: "[guid(parameters('mspOfferName'))]",
    mspAssignmentName: "[guid(parameters('mspOfferName'))]",
    managedByTenantId: '6e03bca1-4300-400d-9e80-000000000000',
    authorizations: [
      { ...person, roleDefinitionId: 'e40ec5ca-96e0-45a2-b4ff-59039f2c2b59' },
      {
        ...person,
        roleDefinitionId: '18d7d88d-d35e-4fb5-a5c3-7773c20a72d9',
        delegatedRoleDefinitionIds: ['b24988ac-6180-42a0-ab88-20f7382dd24c', '92aaf0da-9dab-42b6-94a3-d43ce8d16293'],
      },
      { ...person, roleDefinitionId: 'b24988ac-6180-42a0-ab88-20f7382dd24c' },
      { ...agent, roleDefinitionId: 'acdd72a7-3385-48ef-bd42-f606fba81ae7' },
      { ...agent, roleDefinitionId: '43d0d8ad-25c7-4714-9337-8ba259a9fe05' },
      { ...agent, roleDefinitionId: '73c42c96-874c-492b-b04d-ab87d138a893' },
    ],
  },
  resources: [
    {
      type: 'Microsoft.ManagedServices/registrationDefinitions',
      apiVersion: '2022-10-01',
      name: "[variables('mspRegistrationName')]",
      properties: {
        registrationDefinitionName: "[parameters('mspOfferName')]",
        description: "[parameters('mspOfferDescription')]",
        managedByTenantId: "[variables('managedByTenantId')]",
        authorizations: "[variables('authorizations')]",
      },
    },
    {
      type: 'Microsoft.ManagedServices/registrationAssignments',
      apiVersion: '2022-10-01',
      name: "[variables('mspAssignmentName')]",
      dependsOn: [`[resourceId('${DEFINITIONS}', variables('mspRegistrationName'))]`],
      properties: {
        registrationDefinitionId: `[resourceId('${DEFINITIONS}', variables('mspRegistrationName'))]`,
      },
    },
  ],
  outputs: {
    mspOfferName: { type: 'string', value: "[concat('Managed by', ' ', parameters('mspOfferName'))]" },
    authorizations: { type: 'array', value: "[variables('authorizations')]" },
  },
}

/** The article's template with the authorizations that it would have without `delegatedRoleDefinitionIds`. */
export const faultyTemplate = {
  ...articleTemplate,
  variables: {
    ...articleTemplate.variables,
    authorizations: articleTemplate.variables.authorizations.map(
      ({ principalId, principalIdDisplayName, roleDefinitionId }) => ({
        principalId,
        principalIdDisplayName,
        roleDefinitionId,
      }),
    ),
  },
}
