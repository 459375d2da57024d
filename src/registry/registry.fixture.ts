import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { auditMigrations, auditWrites } from '../audit/index.ts'
import {
  type AnyWrite,
  type BlobStore,
  type Clock,
  feedMigrations,
  feedWrites,
  fileBlobs,
  jobMigrations,
  jobWrites,
  nodeDisk,
  openFeed,
  type Store,
  systemClock,
} from '../kernel/index.ts'
import { type TestEngine, testEngines, testStore } from '../kernel/store/engines.fixture.ts'
import { type Digest, digestOf, mediaTypes } from '../oci/index.ts'
import type { RepoRef } from './content/change.ts'
import type { ContentOrigin } from './content/record-content.ts'
import { registryWrites } from './content/writes.ts'
import { importMigrations } from './import/schema.ts'
import { importWrites } from './import/writes.ts'
import { defaultLimits, type RegistryLimits } from './limits.ts'
import type { ServedPolicy } from './policies/policy.ts'
import { policyWrites } from './policies/remove.ts'
import { policyRunMigrations, policyRunWrites } from './policies/run-rows.ts'
import { pullMigrations, pullWrites } from './pulls/rows.ts'
import { createRegistry, type Registry } from './registry.ts'
import { registryMigrations } from './schema.ts'

export const HOME = 'home'
/** Who changes content where a test does not say. */
export const TESTER: ContentOrigin = {
  tenantId: 'ten_test',
  actor: { id: 'user:tester', kind: 'user', tenantId: 'ten_test' },
  onBehalfOf: [],
}
export const RESERVE = 1024 * 1024
export const repo = (repository: string, registryId = 'reg_default'): RepoRef => ({ registryId, repository })

export type TestRegistry = {
  registry: Registry
  store: Store
  blobs: BlobStore
  clock: Clock & { skip(ms: number): void }
  dir: string
  limits: RegistryLimits
  policies: () => readonly ServedPolicy[]
}

/** The machine's clock, moved forward by hand. */
export function skippingClock(): TestRegistry['clock'] {
  const real = systemClock('test')
  let skipped = 0
  return {
    ...real,
    now: () => real.now() + skipped,
    monotonic: () => real.monotonic() + skipped,
    skip: ms => {
      skipped += ms
    },
  }
}

export async function openTestRegistry(
  t: TestContext,
  options: {
    engine?: TestEngine
    limits?: Partial<RegistryLimits>
    free?: () => number
    writes?: readonly AnyWrite[]
    policies?: () => readonly ServedPolicy[]
  } = {},
): Promise<TestRegistry> {
  const engine = options.engine ?? testEngines()[0]
  if (!engine) throw new Error('No engine to test on')
  const dir = mkdtempSync(join(tmpdir(), 'towpath-registry-'))
  const clock = skippingClock()
  const limits = { ...defaultLimits, ...options.limits }
  const store = await testStore(engine, {
    migrations: [
      ...feedMigrations,
      ...jobMigrations,
      ...registryMigrations,
      ...pullMigrations,
      ...importMigrations,
      ...policyRunMigrations,
      ...auditMigrations,
    ],
    writes: [
      ...feedWrites,
      ...jobWrites,
      ...registryWrites,
      ...pullWrites,
      ...importWrites,
      ...policyWrites,
      ...policyRunWrites,
      ...auditWrites,
      ...(options.writes ?? []),
    ],
    clock,
  })
  const { free, policies = () => [] } = options
  const disk = free ? { ...nodeDisk(), free: async () => free() } : nodeDisk()
  const blobs = fileBlobs({ disk, dir, node: '0', clock, reserveBytes: RESERVE })
  const registry = createRegistry({ store, blobs, clock, region: HOME, node: '0', limits, policies })
  await store.write(openFeed, HOME)
  t.after(async () => {
    await registry.uploads.closeAll()
    await store.close()
    rmSync(dir, { recursive: true, force: true })
  })
  return { registry, store, blobs, clock, dir, limits, policies }
}

export async function* bytesOf(...chunks: (string | Uint8Array)[]): AsyncGenerator<Uint8Array> {
  for (const chunk of chunks) yield typeof chunk === 'string' ? Buffer.from(chunk) : chunk
}

export async function pushBlob(registry: Registry, to: RepoRef, content: string | Uint8Array): Promise<Digest> {
  const digest = digestOf(content)
  await registry.pushBlob(to, digest, bytesOf(content))
  return digest
}

type ImageParts = { config: Digest; layers?: Digest[]; subject?: Digest; artifactType?: string; note?: string }

export function imageBytes({ config, layers = [], subject, artifactType, note }: ImageParts): Buffer {
  const descriptor = (mediaType: string, digest: Digest) => ({ mediaType, digest, size: 2 })
  return Buffer.from(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: mediaTypes.ociManifest,
      ...(artifactType ? { artifactType } : {}),
      config: descriptor(mediaTypes.ociConfig, config),
      layers: layers.map(layer => descriptor(mediaTypes.ociLayer, layer)),
      ...(subject ? { subject: descriptor(mediaTypes.ociManifest, subject) } : {}),
      ...(note ? { annotations: { note } } : {}),
    }),
  )
}

export function indexBytes(manifests: Digest[]): Buffer {
  return Buffer.from(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: mediaTypes.ociIndex,
      manifests: manifests.map(digest => ({ mediaType: mediaTypes.ociManifest, digest, size: 2 })),
    }),
  )
}

/** A config, a manifest and a tag. */
export async function pushImage(registry: Registry, to: RepoRef, tag: string, note = tag): Promise<Digest> {
  const config = await pushBlob(registry, to, '{}')
  const { digest } = await registry.putManifest(to, { bytes: imageBytes({ config, note }), tags: [tag] }, TESTER)
  return digest
}
