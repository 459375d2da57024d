import { type Config, ports } from '../kernel/index.ts'

export type Endpoints = { control: string; registry: string; regions: Record<string, string> }

/** The URLs that people and clients call, by what they serve. */
export function endpoints(config: Config): Endpoints {
  const scheme = config.tls ? 'https' : 'http'
  const host = hostText(config.listen.address)
  const at = ports(config)
  const url = (port: number) => `${scheme}://${host}:${port}`
  const regions = config.regions.map(({ name }, index) => [name, url(at.regional(index))])
  return {
    control: config.control.url ?? url(at.control),
    registry: url(at.global),
    regions: Object.fromEntries(regions),
  }
}

/**
 * Where this control is called, beginning with what strangers are told. Only these are taken for its own name, whatever
 * a request says: an assertion for somebody else could otherwise be handed on to here.
 */
export function controlOrigins(config: Config): readonly string[] {
  const scheme = config.tls ? 'https' : 'http'
  const local = ['127.0.0.1', 'localhost', '[::1]'].map(host => `${scheme}://${host}:${ports(config).control}`)
  return [...new Set([endpoints(config).control, ...local].map(text => new URL(text).origin))]
}

/** The one of ours that a client called, or the first. */
export function ownOrigin(origins: readonly string[], host: string | undefined): string {
  const asked = origins.find(origin => new URL(origin).host === host?.toLowerCase())
  return asked ?? origins[0] ?? ''
}

/** All addresses at once are no address to call: this machine is. */
function hostText(address: string): string {
  if (address === '0.0.0.0') return '127.0.0.1'
  if (address === '::') return '[::1]'
  return address.includes(':') ? `[${address}]` : address
}
