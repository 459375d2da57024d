import { type Proxies, readSecret } from '../kernel/index.ts'
import { ModelSettingsWrong } from './failures.ts'
import type { Environment } from './settings.ts'

/** A proxy that the environment names is not asked for what runs on this machine: people forget to except it. */
const HERE = 'localhost,127.0.0.1,[::1]'

/** The proxy of the settings, for everything; else those of the environment, as other programs take them. */
export function proxiesOf(proxy: string | undefined, env: Environment): Proxies | undefined {
  if (proxy !== undefined) {
    const url = checked(isReference(proxy) ? readSecret(proxy, env) : proxy, '"proxy" of the model')
    return { http: url, https: url }
  }
  const named = (name: string) => env[name.toLowerCase()] || env[name] || undefined
  const [http, https, except] = [named('HTTP_PROXY'), named('HTTPS_PROXY'), named('NO_PROXY')]
  if (http === undefined && https === undefined) return undefined
  return {
    http: http && checked(http, 'HTTP_PROXY'),
    https: https && checked(https, 'HTTPS_PROXY'),
    except: except === undefined ? HERE : `${except},${HERE}`,
  }
}

export function isReference(text: string): boolean {
  return text.startsWith('env:') || text.startsWith('file:/')
}

function checked(text: string, what: string): string {
  const url = URL.parse(text)
  // The text is not repeated: it may hold a password.
  if (url && (url.protocol === 'http:' || url.protocol === 'https:')) return url.href
  throw ModelSettingsWrong(`${what} is no URL of a proxy`, 'Write http://host:port, or env:NAME where that is')
}
