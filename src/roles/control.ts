import { fileURLToPath } from 'node:url'
import type { FastifyRequest } from 'fastify'
import type { AuditKeys } from '../audit/index.ts'
import { readConsole } from '../console/index.ts'
import {
  createAccessReader,
  createApiTokens,
  createAuthorizer,
  createDecide,
  createDeviceFlow,
  createIssuerKeys,
  createKeyRing,
  createOidcClient,
  createPrincipalSignIn,
  createSignInClient,
  DEFAULT_TENANT,
  ensureAdmin,
  ensureBuiltIn,
  ownSigningKeys,
  type SigningKey,
  signingKeys,
} from '../identity/index.ts'
import {
  type Clock,
  type Config,
  createHttpClient,
  createMetrics,
  createVault,
  type Log,
  nodeDisk,
  paths,
  type Store,
  serveHttp,
  watchProcess,
} from '../kernel/index.ts'
import { readRegistries, registryConfigs } from '../registry/index.ts'
import { accessRoutes } from './api/access.ts'
import { adminRoutes } from './api/admin.ts'
import { createApp } from './api/app.ts'
import { assertionRoutes } from './api/assertions.ts'
import { auditRoutes } from './api/audit.ts'
import { createDenials } from './api/audit-denials.ts'
import { consoleRoutes } from './api/console.ts'
import { delegationRoutes } from './api/delegations.ts'
import { deletedRoutes } from './api/deleted.ts'
import { deviceRoutes } from './api/devices.ts'
import { eventRoutes } from './api/events.ts'
import { groupRoutes } from './api/groups.ts'
import { createGuard } from './api/guard.ts'
import { importRoutes } from './api/imports.ts'
import { internalRoutes } from './api/internal.ts'
import { jobRoutes } from './api/jobs.ts'
import { managedRoutes } from './api/managed.ts'
import { manifestRoutes } from './api/manifests.ts'
import { masterKeyRoutes } from './api/master-key.ts'
import { oauthRoutes } from './api/oauth.ts'
import { offerRoutes } from './api/offers.ts'
import { oidcRoutes } from './api/oidc.ts'
import { policyRoutes } from './api/policies.ts'
import { policyRunRoutes } from './api/policy-runs.ts'
import { principalRoutes } from './api/principals.ts'
import { registryRoutes } from './api/registries.ts'
import { registryEndpointRoutes } from './api/registry-endpoints.ts'
import { registryLoginRoutes } from './api/registry-login.ts'
import { repositoryRoutes } from './api/repositories.ts'
import { scopeMapRoutes } from './api/scope-maps.ts'
import { secretRoutes } from './api/secrets.ts'
import { createSessionCookies } from './api/session-cookie.ts'
import { sessionRoutes } from './api/sessions.ts'
import { createBrowserSignIn } from './api/sign-in.ts'
import { signInProviderRoutes } from './api/sign-in-providers.ts'
import { signingKeyRoutes } from './api/signing-keys.ts'
import { statusRoutes } from './api/status.ts'
import { supplyChainRoutes } from './api/supply-chain.ts'
import { tenantRoutes } from './api/tenants.ts'
import { tokenRoutes } from './api/tokens.ts'
import { usageRoutes } from './api/usage.ts'
import { webhookEventRoutes } from './api/webhook-events.ts'
import { webhookRoutes } from './api/webhooks.ts'
import { wellKnownRoutes } from './api/well-known.ts'
import { CONTROL_REGION, ensureAuditKeys } from './audit.ts'
import { createConfigFeed } from './config-feed.ts'
import { runControlAudit } from './control-audit.ts'
import { openControlRows } from './control-rows.ts'
import { controlSocket } from './control-socket.ts'
import { controlOrigins, ownOrigin } from './endpoints.ts'
import { aborted, type Lifecycle } from './lifecycle.ts'
import { secretSources } from './secret-ages/sources.ts'
import { type PlatformSecrets, platformSecrets } from './secrets.ts'
import { makeFolder, openControlStore } from './stores.ts'
import { VERSION } from './version.ts'

/** What was built of `web/`: two folders up from the sources and from what is compiled alike. */
const CONSOLE = fileURLToPath(new URL('../../dist/web', import.meta.url))

type Parts = {
  config: Config
  clock: Clock
  log: Log
  env: Readonly<Record<string, string | undefined>>
  lifecycle: Lifecycle
}

/** The control role: its database, the API, and the configuration that regions follow. Returns when it has stopped. */
export async function runControl({ config, clock, log, env, lifecycle }: Parts): Promise<void> {
  makeFolder(paths(config).run)
  const secrets = platformSecrets({ config, clock, env })
  const open = await secrets.open(log)
  const store = await openControlStore({ config, clock, env })
  try {
    await store.write(registryConfigs.ensureDefault, null)
    await ensureTenants(store)
    const { created } = await ensureAdmin({ store, clock, password: env.TOWPATH_ADMIN_PASSWORD || undefined })

    const signingKey = open ? await publishSigningKey(secrets, store) : undefined

    const rows = await openControlRows(store)
    const metrics = createMetrics({ node: 'control' })
    const watching = watchProcess(metrics)
    const access = createAccessReader(clock)
    const leftOut = metrics.gauge(
      'towpath_registry_principals_left_out',
      'Principals with roles at registries whom regions are not told of, because a tenant has too many.',
    )
    metrics.collect(() => leftOut.with({}).set(access.leftOut()))
    const feed = createConfigFeed({ store, clock, access })
    const own = ownSigningKeys(secrets.files)
    const keys = createKeyRing({ published: rows.signingKeys, own, first: signingKey, clock })
    const authorizer = createAuthorizer({ rows: rows.rows, anonymousPull: () => false, keys, clock })
    const apiTokens = createApiTokens({ store, clock, keys })
    const signIn = createPrincipalSignIn({ store, clock })
    // Somebody waits for it: two tries, and no long Retry-After.
    const retry = { attempts: 2, retryAfterMaxMs: 1_000 }
    const http = createHttpClient({ clock, allow: config.outbound.allow, timeouts: { connect: 5_000 }, retry })
    const issuerKeys = createIssuerKeys({ http, clock, allow: config.outbound.allow })
    const origins = controlOrigins(config)
    const vault = createVault({ store, clock, masterKeys: secrets.masterKeys })
    const oidc = createOidcClient({ http, clock, allow: config.outbound.allow })
    const cookies = createSessionCookies({ store, clock, origins })
    const openSession = createBrowserSignIn({ store, clock, cookies })
    const originOf = ({ headers }: FastifyRequest) => ownOrigin(origins, headers.host)
    const deviceFlow = createDeviceFlow({ store, clock, region: CONTROL_REGION })
    const audiences = origins.map(origin => `${origin}/oauth2/token`)
    const signInClient = createSignInClient({ store, clock, signIn, issuerKeys, audiences })
    const decide = createDecide({ store, clock })
    const denials = createDenials({ store, clock, log })
    let known: AuditKeys | undefined
    const auditKeys = async () => {
      known ??= await ensureAuditKeys(secrets.files, store)
      return known
    }
    // Regions sign with them too, and never make them.
    if (open) await auditKeys()
    const regionKeys = () => Promise.all(config.regions.map(({ name }) => secrets.regionKey(name)))
    const app = await createApp({
      version: VERSION,
      log,
      changed: feed.changed,
      guard: createGuard({
        authorizer,
        cookies,
        signIn,
        apiTokens,
        decide,
        denials,
        reload: rows.reload,
        regionKeys,
      }),
      routes: [
        ...consoleRoutes({ version: VERSION, files: await readConsole(nodeDisk(), CONSOLE) }),
        ...statusRoutes({
          ...{ config, version: VERSION, store, clock, metrics },
          ...{ processes: lifecycle.processes, secretsLocked: secrets.locked },
        }),
        ...sessionRoutes({
          ...{ store, clock, log, cookies, openSession, oidc },
          ...{ authorizer, reload: rows.reload, decide, denials },
        }),
        ...oidcRoutes({ store, clock, log, vault, oidc, cookies, openSession, denials, origins }),
        ...signInProviderRoutes({ store, clock, vault, origins, allow: config.outbound.allow }),
        ...eventRoutes({ store, clock, decide, processes: lifecycle.processes, stopping: lifecycle.signal }),
        ...registryRoutes({ store, clock }),
        ...registryEndpointRoutes({ config, store }),
        ...repositoryRoutes({ config, store }),
        ...deletedRoutes({ config, store }),
        ...manifestRoutes({ config, store }),
        ...registryLoginRoutes({ config, store, clock, keys, access }),
        ...tenantRoutes({ store, clock }),
        ...groupRoutes({ store, clock }),
        ...principalRoutes({ store, clock }),
        ...assertionRoutes({ store, clock, allow: config.outbound.allow }),
        ...accessRoutes({ store, clock, decide }),
        ...offerRoutes({ store, clock }),
        ...delegationRoutes({ store, clock }),
        ...managedRoutes({ store, decide }),
        ...adminRoutes({ store, clock }),
        ...scopeMapRoutes({ store }),
        ...tokenRoutes({ store, clock }),
        ...webhookRoutes({ store, clock, vault, allow: config.outbound.allow }),
        ...webhookEventRoutes({ config, store }),
        ...importRoutes({ config, store, clock, vault }),
        ...policyRoutes({ store, clock }),
        ...usageRoutes({ config, store }),
        ...supplyChainRoutes({ config, store }),
        ...policyRunRoutes({ config, store }),
        ...signingKeyRoutes({ store, clock, files: secrets.files }),
        ...masterKeyRoutes({ config, store, clock, secrets }),
        ...secretRoutes({ clock, sources: secretSources({ config, store, secrets }) }),
        ...auditRoutes({ config, store, clock, keys: auditKeys }),
        ...jobRoutes({ config, clock }),
        ...internalRoutes({ store, feed, stopping: lifecycle.signal }),
        ...wellKnownRoutes({ store, clock, originOf }),
        ...deviceRoutes({ store, deviceFlow }),
      ],
      oauth: oauthRoutes({
        store,
        denials,
        apiTokens,
        signInClient,
        deviceFlow,
        originOf,
        reload: rows.reload,
      }),
    })
    const { headerBytes, idleTimeout } = config.limits
    const server = await serveHttp({
      handler: (req, res) => app.routing(req, res),
      listen: [{ host: config.listen.address, port: config.listen.control }, { path: controlSocket(config) }],
      tls: config.tls,
      limits: { headerBytes, idleTimeout, drainTimeout: 8_000 },
      log,
      metrics,
      clock,
    })
    // Stops after the last request was answered, so that it seals what that recorded.
    const sealing = new AbortController()
    const seal = async () => {
      if (!(await secrets.untilOpen(log, sealing.signal))) return
      if (!open) {
        await publishSigningKey(secrets, store)
        feed.changed()
      }
      await runControlAudit({ config, store, clock, log, keys: await auditKeys(), signal: sealing.signal })
    }
    const sealer = seal()
    lifecycle.ready({ password: created })
    log.debug({ addresses: server.addresses }, 'Control is ready')
    await aborted(lifecycle.signal)
    await server.drain()
    await app.close()
    sealing.abort()
    await sealer
    watching.stop()
    http.close()
  } finally {
    await store.close()
  }
}

/** Its public half into the row that regions follow. */
async function publishSigningKey(secrets: PlatformSecrets, store: Store): Promise<SigningKey> {
  const key = await secrets.signingKey()
  await store.write(signingKeys.ensure, { kid: key.kid, x: key.x })
  return key
}

/** Registries that came before there were tenants belong to the default one. */
async function ensureTenants(store: Store): Promise<void> {
  const registries = await readRegistries(store.read)
  const mine = registries.map(({ id, name }) => ({ id, name, tenantId: DEFAULT_TENANT.id }))
  await store.write(ensureBuiltIn, { registries: mine })
}
