import { type Clock, createHttpClient, type HttpClient, type Ms, readAuthorities } from '../kernel/index.ts'
import { proxiesOf } from './proxies.ts'
import type { Environment, ModelSettings } from './settings.ts'

/** The kernel's client as the settings want it, made when it is first asked for. */
type Connection = { client(): HttpClient; close(): void }

/** Beside what says "not now" everywhere: 500 of OpenAI and 529 of Anthropic, who mean it. */
const AGAIN = [408, 429, 500, 502, 503, 504, 529]
const TRIES = 3

export function createConnection(
  { ca, proxy }: Pick<ModelSettings, 'ca' | 'proxy'>,
  { clock, env, wait }: { clock: Clock; env: Environment; wait: Ms },
): Connection {
  let made: HttpClient | undefined
  const make = () => {
    const proxies = proxiesOf(proxy, env)
    return createHttpClient({
      clock,
      // The user chose the URL: a model on this machine or in the company's network is what it is for.
      allowPrivate: true,
      ...(ca === undefined ? {} : { ca: readAuthorities(ca) }),
      ...(proxies === undefined ? {} : { proxies }),
      retry: { attempts: TRIES, baseMs: 500, statuses: AGAIN },
      timeouts: { firstByte: wait, idle: wait },
    })
  }
  return {
    client() {
      made ??= make()
      return made
    },
    close: () => made?.close(),
  }
}
