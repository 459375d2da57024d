import { type Caller, createAuthorizer, createKeyRing, createTokenEndpoint, ownSigningKeys } from '../identity/index.ts'
import {
  type Clock,
  type Config,
  createHttpClient,
  createJobs,
  createMetrics,
  createOpener,
  type HttpListen,
  type Log,
  type Metrics,
  paths,
  ports,
  pruneFeed,
  runSequencer,
  type Store,
  serveHttp,
  watchProcess,
} from '../kernel/index.ts'
import {
  createDataPlane,
  createRegistry,
  IMPORTS_AT_ONCE,
  importJobs,
  joinThrottle,
  PolicyWork,
  policyJobs,
  pruneServed,
  registryJobs,
  runPulls,
  runServed,
  runWebhooks,
  SupplyChains,
  Throttle,
  Trust,
  tendUploads,
} from '../registry/index.ts'
import { followConfig } from './config-follower.ts'
import { controlSocket } from './control-socket.ts'
import { aborted, type Lifecycle } from './lifecycle.ts'
import { createNodeAudit } from './node-audit.ts'
import { createNodeContent } from './node-content.ts'
import { createNodeDeleted } from './node-deleted.ts'
import { createNodeImports } from './node-imports.ts'
import { createNodeInternal } from './node-internal.ts'
import { createNodePolicies } from './node-policies.ts'
import { createNodeSupplyChain } from './node-supply-chain.ts'
import { createNodeUsage } from './node-usage.ts'
import { createNodeWebhooks } from './node-webhooks.ts'
import { createRegionAudit } from './region-audit.ts'
import { openRegionBlobs } from './region-blobs.ts'
import { platformSecrets } from './secrets.ts'
import { makeFolder, openRegionStore, regionAt } from './stores.ts'
import { VERSION } from './version.ts'

type Env = Readonly<Record<string, string | undefined>>
type Parts = {
  config: Config
  index: number
  node: number
  clock: Clock
  log: Log
  env: Env
  lifecycle: Lifecycle
}

const HOUR_MS = 3_600_000
/** Followers that were away for longer read everything again. */
const FEED_KEPT_MS = 14 * 24 * HOUR_MS

/** One process of a region's data plane. Returns when it has stopped, its requests answered. */
export async function runRegion(parts: Parts): Promise<void> {
  const { config, index, clock, env } = parts
  const at = paths(config)
  makeFolder(at.region(regionAt(config, index).name))
  makeFolder(at.run)
  const store = await openRegionStore({ config, clock, env }, index)
  try {
    await serveRegion(parts, store)
  } finally {
    await store.close()
  }
}

async function serveRegion({ config, index, node, clock, log, env, lifecycle }: Parts, store: Store): Promise<void> {
  const { name: region } = regionAt(config, index)
  const { signal } = lifecycle
  const at = paths(config)
  const secrets = platformSecrets({ config, clock, env })
  const open = await secrets.open(log)
  const metrics = createMetrics({ node: `${region}-${node}` })
  const watching = watchProcess(metrics)

  const key = () => secrets.regionKey(region)
  const follower = await followConfig({ store, clock, log, metrics, socket: controlSocket(config), key }, signal)
  const { anonymousPull, byHost, rows, signingKeys } = follower
  const own = ownSigningKeys(secrets.files)
  const first = open ? await secrets.signingKey() : undefined
  const keys = createKeyRing({ published: signingKeys, own, first, clock })
  const authorizer = createAuthorizer({ rows, anonymousPull, keys, clock })
  const throttle = new Throttle({ metrics, limits: id => follower.registry(id)?.throttle })
  const count = (host: string, caller: Caller) => throttle.admit(byHost(host), caller.id, 'oauth', clock.monotonic())
  const evenOut = await joinThrottle({ store, clock, log, throttle, node: String(node) })
  const tokenEndpoint = createTokenEndpoint({ authorizer, keys, clock, count })

  const blobs = openRegionBlobs({ config, clock, env }, regionAt(config, index), String(node))
  const registry = createRegistry({
    ...{ store, blobs, clock, region, node: String(node), limits: config.limits },
    policies: follower.policies,
  })
  const holder = `${region}-${node}-${process.pid}`
  const jobs = createJobs({ store, clock, owner: holder, log })
  const { policies } = follower
  registryJobs(jobs, { store, blobs, clock, limits: config.limits, policies })
  const sharesPulls = config.regions.length > 1
  const work = new PolicyWork({ store, clock, region, policies, keepFor: config.limits.reclaimDelay, sharesPulls })
  const tenantOf = (id: string) => follower.registry(id)?.tenantId
  policyJobs(jobs, { store, clock, log, policies, tenantOf, work })
  jobs.repeat('feed.prune', HOUR_MS, async () => {
    await pruneFeed(store, { region, before: clock.now() - FEED_KEPT_MS })
  })
  jobs.repeat('usage.prune', HOUR_MS, ({ signal: until }) => pruneServed(store, until))

  // A name that outlives the process: what one that was killed had in hand goes on at once, on the disk where it lies.
  const importing = createJobs({ store, clock, owner: `${region}-${node}`, log, concurrency: IMPORTS_AT_ONCE })

  const audit = createRegionAudit({ config, files: secrets.files, store, clock, log, region, holder, key })
  // Stops after the last request was answered, so that what that recorded is sealed, and what it asked and pulled counted.
  const auditing = new AbortController()

  const siblings = regionAt(config, index).nodes
  const forward = (name: string) => {
    const other = Number(name)
    const known = /^[0-9]{1,3}$/.test(name) && other < siblings && other !== node
    return known ? at.nodeSocket(region, other) : undefined
  }
  const directory = { byHost }
  const trust = new Trust({ read: store.read, blobs, policies: follower.policies })
  const facing = { registry, trust, authorizer, tokenEndpoint, directory, throttle }
  const dataPlane = createDataPlane({ ...facing, metrics, log, clock, forward })

  const started = clock.now()
  const health = () => ({
    ...{ version: VERSION, upSince: started, configSilentMs: follower.silentFor() ?? null },
    secretsLocked: secrets.locked() ?? null,
  })
  const nodeAudit = createNodeAudit({ store, clock, region, keys: audit.keys })
  const questions = [
    createNodePolicies({ work }),
    createNodeWebhooks({ store, clock, region, hooks: follower.webhooks }),
    createNodeContent({ registry }),
    createNodeSupplyChain(new SupplyChains({ read: store.read, blobs, clock, trust })),
    createNodeDeleted(registry.trash),
    createNodeImports({ store, region }),
    createNodeUsage({ store, clock, throttle }),
  ]
  const internal = createNodeInternal({ jobs, metrics, health, audit: nodeAudit, questions, dataPlane })

  const { open: openSealed } = createOpener({ clock, masterKeys: secrets.masterKeys, find: follower.dataKey })
  // One try each: what fails is in the database, with a pause of its own.
  const http = createHttpClient({ clock, allow: config.outbound.allow, retry: { attempts: 1 } })
  const hooks = { hooks: follower.webhooks, open: openSealed, http }
  importJobs(importing, {
    registry,
    store,
    clock,
    log,
    http,
    open: openSealed,
    isServed: id => follower.registry(id) !== undefined,
  })

  const servers = await serveNode({ config, index, node, clock, log, metrics, dataPlane, internal })
  const running = Promise.all([
    follower.run(signal),
    secrets.untilOpen(log, signal),
    jobs.run(signal),
    importing.run(signal),
    runWebhooks({ store, clock, log, metrics, region, holder, ...hooks }, signal),
    evenOut(signal),
    tendUploads({ registry, store, blobs, clock, log, signal }),
    runSequencer({ store, clock, region, holder, signal, onError: err => log.warn({ err }, 'The feed waits') }),
  ])
  const sealing = audit.run(auditing.signal)
  const counting = Promise.all([
    runPulls({ pulls: registry.pulls, store, clock, log }, auditing.signal),
    runServed({ throttle, moved: registry.moved, store, clock, log, node: String(node) }, auditing.signal),
  ])
  lifecycle.ready()
  log.debug({ addresses: servers.addresses }, 'The node is ready')

  await aborted(signal)
  await servers.drainTcp()
  await running
  http.close()
  auditing.abort()
  await sealing
  await counting
  // Last: siblings may still hand over parts of uploads that live here, and its end tells the writer that all is written.
  await servers.drainSocket()
  watching.stop()
}

type Serving = {
  config: Config
  index: number
  node: number
  clock: Clock
  log: Log
  metrics: Metrics
  dataPlane: Parameters<typeof serveHttp>[0]['handler']
  internal: Parameters<typeof serveHttp>[0]['handler']
}

/** The region's TCP ports, shared with its other nodes, and the socket of this node alone. */
async function serveNode({ config, index, node, clock, log, metrics, dataPlane, internal }: Serving) {
  const { name, nodes } = regionAt(config, index)
  const { headerBytes, idleTimeout } = config.limits
  const limits = { headerBytes, idleTimeout, drainTimeout: 20_000 }
  const common = { limits, log, metrics, clock }
  const host = config.listen.address
  const at = ports(config)
  // The global endpoint is the first region's until there is a router.
  const wanted = [...(index === 0 ? [at.global] : []), at.regional(index)]
  const listen = wanted.map((port): HttpListen => ({ host, port, ...(nodes > 1 ? { reusePort: true } : {}) }))

  const socket = await serveHttp({
    ...common,
    handler: internal,
    listen: [{ path: paths(config).nodeSocket(name, node) }],
  })
  try {
    const tcp = await serveHttp({ ...common, handler: dataPlane, listen, tls: config.tls, idHeader: false })
    return {
      addresses: [...tcp.addresses, ...socket.addresses],
      drainTcp: tcp.drain,
      drainSocket: socket.drain,
    }
  } catch (error) {
    await socket.drain()
    throw error
  }
}
