import { createHash, randomBytes } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { ensureAdmin } from '../../src/identity/index.ts'
import {
  type BlobStore,
  type Config,
  type Jobs,
  loadConfig,
  openFeed,
  paths,
  type Store,
  serveWriter,
  systemClock,
} from '../../src/kernel/index.ts'
import { createRegistry, defaultLimits, type Registry, registryJobs } from '../../src/registry/index.ts'
import { TESTER } from '../../src/registry/registry.fixture.ts'
import { lockHome } from '../../src/roles/home-lock.ts'
import { openRegionBlobs } from '../../src/roles/region-blobs.ts'
import { regionSchema } from '../../src/roles/schema.ts'
import { openControlStore, openRegionStore } from '../../src/roles/stores.ts'

export const clock = systemClock('test')
export const repo = { registryId: 'reg_default', repository: 'team/app' }
export const sha256 = (bytes: Uint8Array) => `sha256:${createHash('sha256').update(bytes).digest('hex')}` as never

/** A folder that goes away with the test. */
export function folder(t: TestContext): string {
  const dir = mkdtempSync(join(tmpdir(), 'towpath-backup-'))
  t.after(() => rmSync(dir, { recursive: true, force: true }))
  return dir
}

export function configOf(home: string, extra: Record<string, string> = {}): Config {
  return loadConfig({ env: { TOWPATH_HOME: home, ...extra } })
}

export type Platform = {
  config: Config
  control: Store
  store: Store
  blobs: BlobStore
  registry: Registry
  password: string | undefined
  /** What nobody refers to any more goes at once. */
  collect(): Promise<void>
  stop(): Promise<void>
}

/** A configuration on PostgreSQL, and on S3 where `s3` is given; and the environment that its references name. */
export function scaledConfig(home: string, url: string, s3: string | undefined) {
  const id = randomBytes(6).toString('hex')
  const env: Record<string, string> = { TOWPATH_HOME: home, PG_URL: url }
  const set = (path: string, values: Record<string, string>) => {
    for (const [key, value] of Object.entries(values)) env[`TOWPATH_${path}_${key}`] = value
  }
  set('CONTROL_DATABASE', { ENGINE: 'postgres', URL: 'env:PG_URL', SCHEMA: `b_${id}_control` })
  set('REGIONS_0', { NAME: 'home' })
  set('REGIONS_0_DATABASE', { ENGINE: 'postgres', URL: 'env:PG_URL', SCHEMA: `b_${id}_home` })
  if (s3 !== undefined) {
    const { endpoint, bucket, region, accessKeyId, secretAccessKey } = JSON.parse(s3) as Record<string, string>
    Object.assign(env, { S3_ID: accessKeyId, S3_SECRET: secretAccessKey })
    set('REGIONS_0_BLOBS', {
      ...{ STORE: 's3', ENDPOINT: endpoint ?? '', BUCKET: bucket ?? '', REGION: region ?? '', PREFIX: `${id}/` },
      ...{ ACCESS_KEY_ID: 'env:S3_ID', SECRET_ACCESS_KEY: 'env:S3_SECRET', PATH_STYLE: 'true' },
    })
  }
  return { config: loadConfig({ env }), env }
}

/** One region as its processes are made of, in this process: writer, control's database and a node without HTTP. */
export async function startPlatform(config: Config, env: Record<string, string> = {}): Promise<Platform> {
  const lock = lockHome(config)
  const at = paths(config)
  const [region] = config.regions
  if (!region) throw new Error('no region')
  for (const dir of [at.run, at.region(region.name)]) mkdirSync(dir, { recursive: true, mode: 0o700 })
  const ending = new AbortController()
  const path = at.regionDatabase(region.name)
  const socket = at.writerSocket(region.name)
  const onSqlite = region.database.engine === 'sqlite'
  const writer = onSqlite
    ? await serveWriter({ path, socket, clock, signal: ending.signal, ...regionSchema })
    : undefined
  const control = await openControlStore({ config, clock, env })
  const { created } = await ensureAdmin({ store: control, clock })
  const store = await openRegionStore({ config, clock, env }, 0)
  await store.write(openFeed, region.name)
  const blobs = openRegionBlobs({ config, clock, env }, region, '0')
  const limits = { ...defaultLimits, reclaimDelay: 0, uploadIdle: 60_000 }
  const registry = createRegistry({ store, blobs, clock, region: region.name, node: '0', limits, policies: () => [] })
  const { collect, removeKeys } = collector(store, blobs, limits)
  return {
    config,
    control,
    store,
    blobs,
    registry,
    password: created,
    collect: async () => {
      await collect()
      await removeKeys()
    },
    stop: async () => {
      await Promise.all([store.close(), control.close()])
      ending.abort()
      await writer?.stopped
      lock.release()
    },
  }
}

type RunJob = Parameters<Jobs['handle']>[1]

/** The registry's own collection without the clock of the jobs. */
function collector(store: Store, blobs: BlobStore, limits: typeof defaultLimits) {
  let collecting: RunJob | undefined
  const parts = { store, blobs, clock, limits, policies: () => [] }
  registryJobs({ handle: () => {}, repeat: (_kind, _every, run) => (collecting = run) }, parts)
  return {
    collect: async () => collecting?.({ signal: new AbortController().signal } as never),
    removeKeys: async () => {
      const jobs = await store.read.all<{ key: string }>({
        text: `select key from job where kind = 'registry.remove-blob'`,
        values: [],
      })
      for (const { key } of jobs) await blobs.remove(key as never)
    },
  }
}

export type Image = {
  digest: string
  tag: string
  bytes: Uint8Array
  blobs: readonly { digest: string; bytes: Uint8Array }[]
}

async function* once(bytes: Uint8Array) {
  yield bytes
}

/** Two random blobs and a manifest over them, acknowledged when this resolves. */
export async function pushImage(registry: Registry, tag: string, size = 20_000): Promise<Image> {
  const blobs = [randomBytes(300), randomBytes(size)].map(bytes => ({ digest: sha256(bytes), bytes }))
  for (const { digest, bytes } of blobs) await registry.pushBlob(repo, digest as never, once(bytes))
  const [config, layer] = blobs.map(({ digest, bytes }, i) => ({
    mediaType: i === 0 ? 'application/vnd.oci.image.config.v1+json' : 'application/vnd.oci.image.layer.v1.tar',
    digest,
    size: bytes.length,
  }))
  const manifest = {
    schemaVersion: 2,
    mediaType: 'application/vnd.oci.image.manifest.v1+json',
    config,
    layers: [layer],
  }
  const bytes = Buffer.from(JSON.stringify(manifest))
  const { digest } = await registry.putManifest(repo, { bytes, tags: [tag] }, TESTER)
  return { digest, tag, bytes, blobs }
}

/** Every byte of an image as the registry gives it; throws where anything is missing or not what its digest says. */
export async function pullImage(registry: Registry, reference: string): Promise<number> {
  const manifest = await registry.getManifest(repo, reference)
  if (!manifest) throw new Error(`manifest ${reference} is missing`)
  const { config, layers } = JSON.parse(Buffer.from(manifest.bytes).toString()) as { config: Named; layers: Named[] }
  let total = 0
  for (const { digest, size } of [config, ...layers]) {
    const bytes = await pullBlob(registry, digest)
    if (bytes.length !== size || sha256(bytes) !== digest) throw new Error(`blob ${digest} came back changed`)
    total += size
  }
  return total
}
type Named = { digest: string; size: number }

async function pullBlob(registry: Registry, digest: string): Promise<Buffer> {
  const source = await registry.openBlob(repo, digest as never)
  if (!source) throw new Error(`blob ${digest} is missing`)
  try {
    const bytes = Buffer.alloc(source.size)
    for (let at = 0; at < bytes.length; ) at += await source.read(bytes.subarray(at))
    return bytes
  } finally {
    await source.close()
  }
}

export async function manifestDigests(store: Store): Promise<string[]> {
  const rows = await store.read.all<{ digest: string }>({
    text: 'select digest from manifest order by digest',
    values: [],
  })
  return rows.map(row => row.digest)
}
