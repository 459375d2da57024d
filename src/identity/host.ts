import { failure } from '../kernel/index.ts'

export const HostMalformed = failure('UNSUPPORTED', 400, (host: string) => ({
  says: `"${host.slice(0, 100)}" is not a host name`,
  next: 'Call the registry by a host name or an address, with or without a port',
}))

const NAME = /^[a-z0-9](?:[a-z0-9._-]{0,251}[a-z0-9])?(?::[0-9]{1,5})?$/
const ADDRESS = /^\[[0-9a-f:.]{2,45}\](?::[0-9]{1,5})?$/

/**
 * The Host header in lower case, or undefined where it is anything but a host and a port. What this
 * lets through may stand in a header and in a URL without being escaped.
 */
export function parseHost(text: string | undefined): string | undefined {
  const host = text?.toLowerCase()
  if (host === undefined || host.length > 259) return undefined
  return NAME.test(host) || ADDRESS.test(host) ? host : undefined
}
