export type { RepoRef } from './content/change.ts'
export type { ContentOrigin } from './content/record-content.ts'
export { registryWrites } from './content/writes.ts'
export { ManifestUnknown, RepositoryUnknown, TagUnknown } from './failures.ts'
export { createDataPlane } from './http/data-plane.ts'
export type { DataPlaneParts, Directory } from './http/exchange.ts'
export type { Forward } from './http/forward.ts'
export { ImportUnknown } from './import/failures.ts'
export {
  type Import,
  type ImportAsked,
  type ImportCredentials,
  importContext,
} from './import/import.ts'
export { IMPORTS_AT_ONCE, importJobs } from './import/jobs.ts'
export { readImport, readImports } from './import/rows.ts'
export { importMigrations } from './import/schema.ts'
export { imports, importWrites } from './import/writes.ts'
export { defaultLimits, type RegistryLimits } from './limits.ts'
export { policyJobs } from './policies/jobs.ts'
export { type Policy, PolicyUnknown, type ServedPolicy, servedPolicies, servedPolicy } from './policies/policy.ts'
export { policyWrites } from './policies/remove.ts'
export {
  findPolicy,
  policyConfigMigrations,
  policyConfigs,
  policyConfigWrites,
  readPolicies,
  readServedPolicies,
} from './policies/rows.ts'
export { policyRunMigrations, policyRunWrites } from './policies/run-rows.ts'
export { PolicyWork } from './policies/work.ts'
export { pullMigrations, pullWrites } from './pulls/rows.ts'
export { runPulls } from './pulls/run.ts'
export { readSize } from './quota/size.ts'
export type { Listed, Page } from './read/lists.ts'
export type { StoredManifest } from './read/manifests.ts'
export type { ManifestMetadata } from './read/metadata.ts'
export { placeAfter } from './read/metadata-pages.ts'
export { createRegistry, type ManifestPush, type ManifestPushed, type Registry } from './registry.ts'
export {
  DEFAULT_REGISTRY,
  findRegistry,
  type RegistryConfig,
  RegistryUnknown,
  readRegistries,
  registryByHost,
  registryConfigMigrations,
  registryConfigs,
  registryConfigWrites,
  registryHosts,
  type ServedRegistry,
  servedRegistry,
} from './registry-config.ts'
export { holdReclaim, releaseReclaim } from './removal/collect.ts'
export { collectGarbage, registryJobs } from './removal/jobs.ts'
export { registryMigrations } from './schema.ts'
export { throttleWrites } from './throttle/exchange.ts'
export { joinThrottle } from './throttle/rebalance.ts'
export { throttleMigrations } from './throttle/schema.ts'
export { Throttle } from './throttle/throttle.ts'
export type { Trash } from './trash/trash.ts'
export { keyText } from './trust/keys.ts'
export { SupplyChains } from './trust/supply-chain.ts'
export { Trust, type Verdict } from './trust/trust.ts'
export { tendUploads } from './uploads/tend-uploads.ts'
export { readHeld } from './usage/held.ts'
export { pruneServed, readServed, servedMigrations, servedWrites } from './usage/rows.ts'
export { runServed } from './usage/run.ts'
export { type Delivery, readDeliveries } from './webhooks/deliveries.ts'
export { pingWebhook } from './webhooks/ping.ts'
export { webhookQueue, webhookWrites } from './webhooks/queue.ts'
export {
  findWebhook,
  readSealedWebhook,
  readServedWebhooks,
  readWebhookKeyPage,
  readWebhooks,
  webhookConfigMigrations,
  webhookConfigs,
  webhookConfigWrites,
} from './webhooks/rows.ts'
export { runWebhooks } from './webhooks/run.ts'
export { webhookMigrations } from './webhooks/schema.ts'
export { parseHeaders, parseScope, parseServiceUri } from './webhooks/settings.ts'
export { newWebhookKey } from './webhooks/sign.ts'
export {
  parseSecrets,
  type ServedWebhook,
  servedWebhook,
  type Webhook,
  type WebhookSecrets,
  WebhookUnknown,
  webhookContext,
} from './webhooks/webhook.ts'
