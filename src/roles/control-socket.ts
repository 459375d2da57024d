import { join } from 'node:path'
import { type Config, paths } from '../kernel/index.ts'

/** Where regions of this machine reach control: plain, whatever TLS the TCP listener has. */
export function controlSocket(config: Config): string {
  return join(paths(config).run, 'control.sock')
}
