import { Insecure } from './failures.ts'

/** Where a registry's API is, and which ways to it are too open. */
export function baseUrl(host: string, plainHttp: boolean): URL {
  // docker.io is a name for people; its API has another.
  const api = host === 'docker.io' || host === 'index.docker.io' ? 'registry-1.docker.io' : host
  return new URL(`${plainHttp || isLoopback(hostName(host)) ? 'http' : 'https'}://${api}/`)
}

/** Whether the name can only mean this machine. */
export function isLoopback(hostname: string): boolean {
  return (
    hostname === 'localhost' ||
    hostname.endsWith('.localhost') ||
    hostname === '[::1]' ||
    /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(hostname)
  )
}

/** Where an answer sends us next. Never from https to http: what follows would be readable by everybody between. */
export function followed(from: URL, location: string): URL {
  const to = URL.parse(location, from)
  if (to?.protocol !== 'https:' && to?.protocol !== 'http:') {
    throw Insecure(from.host, `it points to ${JSON.stringify(location.slice(0, 200))}, which is no web address`)
  }
  if (from.protocol === 'https:' && to.protocol === 'http:') {
    throw Insecure(to.host, `${from.host} points from https to plain http`)
  }
  if (to.username !== '' || to.password !== '')
    throw Insecure(to.host, `${from.host} points to an address with a password in it`)
  return to
}

function hostName(host: string): string {
  return host.startsWith('[') ? host.slice(0, host.indexOf(']') + 1) : (host.split(':')[0] ?? host)
}
