import { registryLogin, registryLoginBody } from '../../api/index.ts'
import { recordAlone } from '../../audit/index.ts'
import {
  type AccessReader,
  callerOf,
  DATA_ACTIONS,
  type KeyRing,
  opensAny,
  parseHost,
  REFRESH_USER,
  type Scope,
  scopeText,
  signLogin,
} from '../../identity/index.ts'
import { type Clock, type Config, failure, type Store } from '../../kernel/index.ts'
import {
  DEFAULT_REGISTRY,
  findRegistry,
  type RegistryConfig,
  RegistryUnknown,
  readRegistries,
  registryByHost,
} from '../../registry/index.ts'
import { endpoints } from '../endpoints.ts'
import { registryParams, registryScope } from './in-registry.ts'
import { type Route, route } from './route.ts'
import type { Session } from './session.ts'

export const LoginOpensNothing = failure('REGISTRY_LOGIN_OPENS_NOTHING', 403, (registry: string) => ({
  says: `What you may do in registry "${registry}" holds under a condition only, and a registry can't check one`,
  next: 'Ask an owner for AcrPull or AcrPush without a condition: towpath access assign',
}))

const EndpointUnknown = failure(
  'REGISTRY_ENDPOINT_UNKNOWN',
  400,
  (endpoint: string, registry: string, known: string) => ({
    says: `Registry "${registry}" is not served at "${endpoint}"`,
    next: `Name one of these, or another host that leads to it: ${known}`,
  }),
)

type Parts = { config: Config; store: Store; clock: Clock; keys: KeyRing; access: AccessReader }

/** Credentials for docker and the like, for whoever is signed in here. */
export function registryLoginRoutes({ config, store, clock, keys, access }: Parts): Route[] {
  /** Any data action will do: the refresh token opens what the roles say whenever it is used. */
  async function demandAny(session: Session, scope: Scope, missing: () => Error): Promise<void> {
    for (const action of DATA_ACTIONS)
      if (await session.may(action, scope)) return session.demand({ action, scope }, missing)
    await session.demand({ action: 'registry/content/read', scope }, missing)
  }

  return [
    route({
      method: 'POST',
      url: '/api/v1/registries/:name/login',
      action: 'registry.login',
      allow: 'signed-in',
      summary:
        'A user name and a refresh token to sign docker in to a registry with, for whoever may do anything there',
      params: registryParams,
      // No body at all reads as null.
      body: registryLoginBody.nullish(),
      answers: { 200: registryLogin },
      run: async ({ params: { name }, body, session, reply }) => {
        const missing = () => RegistryUnknown(name)
        const found = await findRegistry(store.read, name)
        const scope = found && (await registryScope(store.read, found))
        if (!found || !scope) {
          // As for one of another tenant: the answer does not tell them apart.
          reply.header('x-towpath-policy', 'default-deny')
          throw missing()
        }
        const caller = session()
        await demandAny(caller, scope, missing)
        const heard = await store.snapshot(db => access.read(db))
        if (!opensAny(heard, found.id, caller.principal)) throw LoginOpensNothing(name)
        const host = hostOf(config, await readRegistries(store.read), found, body?.endpoint)
        const { proof, ends } = caller
        const who = { id: callerOf(caller.principal), proof, ...(ends === undefined ? {} : { ends }) }
        const at = { audience: host, registryId: found.id, shared: found.tokenAudience === 'registry' }
        const made = await signLogin(keys, clock, who, at)
        const { region, ...origin } = caller.audit(scope.tenantId)
        const what = { action: 'registry/login', resource: scopeText(scope), result: 'done' as const }
        const entry = { ...origin, ...what, detail: { host, expiresAt: made.expiresAt } }
        await store.write(recordAlone, { region, entry })
        return { host, username: REFRESH_USER, ...made }
      },
    }),
  ]
}

/** Where tokens will be shown: they are made for that host, and hosts without a name of their own mean `default`. */
function hostOf(
  config: Config,
  registries: readonly RegistryConfig[],
  { id, name, hosts }: RegistryConfig,
  endpoint: string | undefined,
): string {
  const { registry, regions } = endpoints(config)
  const own = { global: registry, ...regions }
  const named = new Map(Object.entries(own).map(([word, url]) => [word, new URL(url).host]))
  const known = id === DEFAULT_REGISTRY.id ? [...named.keys(), ...hosts] : hosts
  const asked = endpoint ?? hosts[0] ?? 'global'
  const host = parseHost(named.get(asked) ?? asked)
  // What has neither dot nor port is no host in an image's name, but a region that there is not.
  const unnamed = !named.has(asked) && !hosts.includes(asked) && !/[.:]/.test(asked)
  if (host === undefined || unnamed || registryByHost(registries)(host)?.id !== id)
    throw EndpointUnknown(asked, name, known.join(', '))
  return host
}
