import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { stringify } from 'yaml'
import { openPostgres, openSqliteReadOnly, type Store, systemClock } from '../../../src/kernel/index.ts'
import { regionSchema } from '../../../src/roles/schema.ts'
import { freePorts, type Platform, startPlatform } from '../../support/platform.ts'
import { type Login, Wire } from './client.ts'
import { startPostgres } from './postgres.ts'
import { processTree } from './proc.ts'
import { startS3 } from './s3.ts'

export type Engine = 'sqlite+files' | 'postgres+s3'
export type Role = 'supervisor' | 'control' | 'writer' | 'region'

export type Registry = {
  /** Host and port of the global endpoint. */
  host: string
  controlUrl: string
  login: Login
  wire: Wire
  home: string
  /** The region's database beside it, and the folder under which its blobs are files. */
  inside(): Promise<{ store: Store; blobs: string }>
  /** Every process of the platform that runs now, as the machine sees it. */
  processes(): { role: Role; pid: number }[]
  /** After a kill of all: the same home, the same ports. */
  start(): Promise<void>
  output(): string
  stop(): Promise<void>
}

type Options = {
  limits?: Record<string, unknown>
  nodes?: number
  home?: string
  allow?: string[]
  /** As many requests a minute as come: for those who send more than a registry takes by itself. */
  unthrottled?: boolean
}

/** `towpath up` over one of the pairs of engines, all of it on ports and in folders of its own. */
export async function startRegistry(engine: Engine = 'sqlite+files', options: Options = {}): Promise<Registry> {
  const dir = mkdtempSync(join(tmpdir(), 'towpath-up-'))
  const home = options.home ?? join(dir, 'home')
  mkdirSync(home, { recursive: true })
  const backing = engine === 'postgres+s3' ? await startBacking() : undefined
  const ports = await freePorts()
  const login = { user: 'admin', password: 'peer-journey-password' }
  const config = {
    ...(backing ? { control: { database: { ...backing.database, schema: 'control' } } } : {}),
    regions: [
      {
        name: 'home',
        ...(options.nodes ? { nodes: options.nodes } : {}),
        ...(backing ? { database: { ...backing.database, schema: 'home' }, blobs: backing.blobs } : {}),
      },
    ],
    ...(options.limits ? { limits: options.limits } : {}),
    ...(options.allow ? { outbound: { allow: options.allow } } : {}),
  }
  const file = join(dir, 'towpath.yaml')
  writeFileSync(file, stringify(config))
  const env = { ...backing?.env, TOWPATH_CONFIG: file, TOWPATH_ADMIN_PASSWORD: login.password }
  let platform: Platform | undefined
  const start = async () => {
    platform = await startPlatform({ home, ports, env })
  }
  const stop = async () => {
    await platform?.stop()
    await backing?.stop()
    rmSync(dir, { recursive: true, force: true })
  }
  await start().catch(async error => {
    await stop()
    throw error
  })
  if (options.unthrottled) await unthrottle(platform)
  const host = `127.0.0.1:${ports.registry}`
  return {
    host,
    controlUrl: `http://127.0.0.1:${ports.control}`,
    login,
    wire: new Wire(`http://${host}`, login),
    home,
    async inside() {
      const folder = join(home, 'regions/home')
      if (!backing) return { store: openSqliteReadOnly(join(folder, 'region.sqlite')), blobs: join(folder, 'blobs') }
      const place = { url: backing.url, schema: 'home', clock: systemClock('test'), connections: 1 }
      return { store: await openPostgres({ ...place, ...regionSchema }), blobs: join(backing.objects, 'blobs') }
    },
    processes() {
      const pid = platform?.pid
      return pid === undefined ? [] : processTree(pid).map(one => ({ role: roleOf(one, pid), pid: one.pid }))
    },
    start,
    output: () => (platform ? platform.output().stdout + platform.output().stderr : ''),
    stop,
  }
}

const NO_LIMIT = { registry: 0, identity: 0 }

/** By the setting that everybody has. Its buckets are full until the nodes have heard it. */
async function unthrottle(platform: Platform | undefined): Promise<void> {
  const classes = ['read', 'write', 'delete', 'referrers', 'oauth']
  const throttle = Object.fromEntries(classes.map(kind => [kind, NO_LIMIT]))
  await platform?.make('/api/v1/registries/default', { throttle }, 'PATCH')
}

function roleOf(one: { pid: number; command: string[] }, supervisor: number): Role {
  if (one.pid === supervisor) return 'supervisor'
  const role = one.command[one.command.indexOf('serve') + 1]
  if (role === 'control' || role === 'writer' || role === 'region') return role
  throw new Error(`What is this process of the platform? ${one.command.join(' ')}`)
}

async function startBacking() {
  const postgres = await startPostgres()
  const s3 = await startS3()
  const { endpoint, bucket, region } = s3
  return {
    url: postgres.url,
    objects: s3.objects,
    database: { engine: 'postgres', url: 'env:PEER_POSTGRES_URL' },
    blobs: {
      store: 's3',
      endpoint,
      bucket,
      region,
      pathStyle: true,
      accessKeyId: 'env:PEER_S3_ID',
      secretAccessKey: 'env:PEER_S3_SECRET',
    },
    env: { PEER_POSTGRES_URL: postgres.url, PEER_S3_ID: s3.accessKeyId, PEER_S3_SECRET: s3.secretAccessKey },
    async stop() {
      await s3.stop()
      await postgres.stop()
    },
  }
}
