import { join } from 'node:path'
import type { TestContext } from 'node:test'
import {
  type Caller,
  createAuthorizer,
  createKeyRing,
  createTokenEndpoint,
  ensureAdmin,
  identityMigrations,
  identityRows,
  identityWrites,
  newSigningKey,
  readCredentials,
  type TokenConfig,
} from '../../identity/index.ts'
import {
  createMetrics,
  fileBlobs,
  type Metrics,
  nodeDisk,
  openSqlite,
  serveHttp,
  silentLog,
  systemClock,
} from '../../kernel/index.ts'
import type { RegistryLimits } from '../limits.ts'
import type { ServedPolicy } from '../policies/policy.ts'
import { openTestRegistry, type TestRegistry } from '../registry.fixture.ts'
import { createRegistry, type Registry } from '../registry.ts'
import { premiumLimits, type ThrottleLimits } from '../throttle/limits.ts'
import { Throttle } from '../throttle/throttle.ts'
import { Trust } from '../trust/trust.ts'
import { createDataPlane } from './data-plane.ts'

const NO_POLICIES: readonly ServedPolicy[] = []
export const PASSWORD = 'a long enough password'
export const ADMIN = `Basic ${Buffer.from(`admin:${PASSWORD}`).toString('base64')}`

// Deriving a password takes its time: once for all tests of a file.
const secrets = (async () => {
  const clock = systemClock('test')
  const store = await openSqlite({ path: ':memory:', migrations: identityMigrations, writes: identityWrites, clock })
  await ensureAdmin({ store, clock, password: PASSWORD })
  const credentials = await readCredentials(store.read)
  await store.close()
  return { credentials, key: await newSigningKey() }
})()

export type Serving = TestRegistry & {
  url: string
  socket: string
  metrics: Metrics
  /** As the admin, unless `init` says otherwise. */
  call(path: string, init?: RequestInit): Promise<Response>
}

type Options = {
  limits?: Partial<RegistryLimits>
  /** Host to registry id; others are `reg_default`. */
  hosts?: Readonly<Record<string, string>>
  anonymousPull?: readonly string[]
  tokens?: readonly TokenConfig[]
  throttle?: Partial<ThrottleLimits>
  node?: string
  forward?: (node: string) => string | undefined
  policies?: () => readonly ServedPolicy[]
  /** Another node of the same region: its store and its folder. */
  beside?: TestRegistry
}

export async function serveRegistry(t: TestContext, options: Options = {}): Promise<Serving> {
  const { beside, node = '0' } = options
  const base = beside ?? (await openTestRegistry(t, options))
  const registry = node === '0' && !beside ? base.registry : siblingOf(base, node)
  const { clock } = base
  const { credentials, key } = await secrets
  const anonymous = options.anonymousPull ?? []
  const throttle = { ...premiumLimits, ...options.throttle }
  const byHost = (host: string) => ({
    id: options.hosts?.[host] ?? 'reg_default',
    name: 'test',
    hosts: [],
    anonymousPull: false,
    tokenAudience: 'endpoint' as const,
    throttle,
    tenantId: 'ten_test',
  })
  const rows = identityRows({ credentials, tokens: options.tokens ?? [], registry: byHost })
  const keys = createKeyRing({ published: () => [], own: () => undefined, first: key, clock })
  const authorizer = createAuthorizer({ rows: () => rows, anonymousPull: id => anonymous.includes(id), keys, clock })
  const metrics = createMetrics()
  const policies = options.policies ?? (() => NO_POLICIES)
  const throttled = new Throttle({ metrics, limits: () => throttle })
  const count = (host: string, { id }: Caller) => throttled.admit(byHost(host), id, 'oauth', clock.monotonic())
  const handler = createDataPlane({
    registry,
    trust: new Trust({ read: base.store.read, blobs: base.blobs, policies }),
    authorizer,
    tokenEndpoint: createTokenEndpoint({ authorizer, keys, clock, count }),
    directory: { byHost },
    throttle: throttled,
    metrics,
    log: silentLog(),
    clock,
    forward: options.forward ?? (() => undefined),
  })
  const socket = join(base.dir, `node-${node}.sock`)
  const server = await serveHttp({
    handler,
    listen: [{ host: '127.0.0.1', port: 0 }, { path: socket }],
    limits: { headerBytes: 16 * 1024, idleTimeout: 60_000, drainTimeout: 0 },
    log: silentLog(),
    metrics,
    clock: systemClock('test'),
    idHeader: false,
  })
  t.after(() => server.drain())
  const address = server.addresses.find(one => 'port' in one)
  const url = address && 'url' in address ? address.url : ''
  const call = (path: string, init: RequestInit = {}) =>
    fetch(`${url}${path}`, { ...init, headers: { authorization: ADMIN, ...init.headers } })
  return { ...base, registry, url, socket, metrics, call }
}

function siblingOf({ store, dir, clock, limits }: TestRegistry, node: string): Registry {
  const blobs = fileBlobs({ disk: nodeDisk(), dir, node, clock, reserveBytes: 0 })
  return createRegistry({ store, blobs, clock, region: 'home', node, limits, policies: () => [] })
}
