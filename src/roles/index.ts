export {
  backup,
  configSchema,
  type LocalOptions,
  readConfig,
  reloadable,
  restore,
  rotateOffline,
  type ServeOptions,
  serve,
  up,
} from './local.ts'
