export { type LoadOptions, loadConfig } from './load.ts'
export { paths, ports } from './places.ts'
export { ConfigInvalid, type Problem } from './problem.ts'
export { compareConfig, type ReloadableKey, reloadableKeys } from './reload.ts'
export {
  type Blobs,
  type Config,
  configJsonSchema,
  type Database,
  type Limits,
  type RegionConfig,
  type SecretRef,
} from './schema.ts'
