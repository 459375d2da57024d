import {
  feedMigrations,
  feedWrites,
  type Hlc,
  jobMigrations,
  jobWrites,
  openFeed,
  openSqlite,
  parseHlc,
  type Store,
  systemClock,
  write,
} from '../../kernel/index.ts'
import { type Digest, mediaTypes } from '../../oci/index.ts'
import { registryMigrations } from '../schema.ts'
import type { ContentChange, ManifestFacts, RepoRef } from './change.ts'
import { putContent } from './put-content.ts'

/** A change as it is given, in a transaction of its own. */
export const apply = write('test.apply', (tx, { change, origin }: { change: ContentChange; origin: string }) =>
  putContent(tx, change, origin),
)

/** What a store needs for `apply`. */
export const applySetup = {
  migrations: [...feedMigrations, ...jobMigrations, ...registryMigrations],
  writes: [...feedWrites, ...jobWrites, apply],
}

/** Of a manifest that needs nothing. */
export const bareFacts: ManifestFacts = {
  ...{ mediaType: mediaTypes.ociManifest, artifactType: '', subject: '', descriptor: '' },
  ...{ blobs: [], manifests: [], either: [], optional: [], configMediaType: '', imageConfig: '' },
}

/** In the past, so that this machine's own stamps are later. */
export const at = (n: number): Hlc => parseHlc(`018000000000-${n.toString(16).padStart(4, '0')}-far.0`)

/** In memory, with manifests of these digests that are older than all of `at(1)` and later. */
export async function openWith(repo: RepoRef, digests: readonly Digest[]): Promise<Store> {
  const store = await openSqlite({ path: ':memory:', ...applySetup, clock: systemClock('test') })
  await store.write(openFeed, 'home')
  for (const digest of digests) {
    const manifest = { kind: 'manifest', ...repo, digest, bytes: Buffer.from('{}'), facts: bareFacts } as const
    await store.write(apply, { change: { ...manifest, hlc: at(0) }, origin: 'home' })
  }
  return store
}
