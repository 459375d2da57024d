/** The pages of one registry: what stands behind `/registries/<name>`, and whether each region has its own. */
export const REGISTRY_TABS: readonly { label: string; below: string; regional?: true }[] = [
  { label: 'Repositories', below: '/repositories', regional: true },
  { label: 'Imports', below: '/imports', regional: true },
  { label: 'Deleted', below: '/deleted', regional: true },
  { label: 'Policies', below: '/policies' },
  { label: 'Webhooks', below: '/webhooks', regional: true },
  { label: 'Usage', below: '/usage', regional: true },
  { label: 'Settings', below: '' },
]
