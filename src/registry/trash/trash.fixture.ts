import type { TestContext } from 'node:test'
import { type TestEngine, testEngines } from '../../kernel/store/engines.fixture.ts'
import type { Digest } from '../../oci/index.ts'
import type { RepoRef } from '../content/change.ts'
import type { Immutable } from '../policies/immutable.ts'
import type { ServedPolicy } from '../policies/policy.ts'
import {
  HOME,
  imageBytes,
  indexBytes,
  openTestRegistry,
  pushBlob,
  TESTER,
  type TestRegistry,
} from '../registry.fixture.ts'
import { collectGarbage } from '../removal/jobs.ts'
import { emptyTrash, type Purged, purgeTrash } from './purge.ts'
import { type Restored, restoreImage } from './restore.ts'
import { type RestoredRepository, restoreRepository } from './restore-repository.ts'

export const DAY = 24 * 3600_000
export const everything = { n: 100, last: '' }

const softDelete = (days: number): ServedPolicy => ({
  ...{ registryId: 'reg_default', id: `pol_${days}`, name: 'trash', repositories: '*' },
  ...{ kind: 'soft-delete', settings: { days } },
})

type What = { tag?: string; digest?: Digest; force?: boolean }
export type TrashRegistry = TestRegistry & {
  /** What policies say; to be changed by the test. */
  policy: { days: number }
  restore(repo: RepoRef, what: What): Promise<Restored>
  restoreAll(repo: RepoRef, force?: boolean): Promise<RestoredRepository>
  purge(repo: RepoRef, what?: Omit<What, 'force'>): Promise<Purged>
  /** All that is due, in the trash and out of it, the bytes too. */
  collect(): Promise<void>
}

export async function openTrash(
  t: TestContext,
  engine: TestEngine | undefined = testEngines()[0],
): Promise<TrashRegistry> {
  const policy = { days: 7 }
  const trashFor = () => policy.days * DAY
  const policies = () => (policy.days === 0 ? [] : [softDelete(policy.days)])
  const real = await openTestRegistry(t, { ...(engine ? { engine } : {}), policies })
  const { store, clock, limits } = real
  const from = { ...TESTER, region: HOME }
  const immutable: Immutable[] = []
  const { reclaimDelay, uploadIdle } = limits
  return {
    ...real,
    policy,
    restore: (repo, { force = false, ...what }) =>
      store.write(restoreImage, { ...repo, ...what, force, immutable, from, keepFor: uploadIdle }),
    restoreAll: (repo, force = false) =>
      restoreRepository({ store, clock }, { ...repo, force, immutable, from, keepFor: uploadIdle }),
    purge: (repo, what = {}) => store.write(purgeTrash, { ...repo, ...what, from, keepFor: reclaimDelay }),
    async collect() {
      await emptyTrash({ store, clock, keepFor: reclaimDelay, trashFor })
      for (let i = 0; i < 3; i++) {
        await collectGarbage(store, limits)
        clock.skip(reclaimDelay + 1)
      }
    },
  }
}

export type Image = { index: Digest; children: Digest[]; signature: Digest; blobs: Digest[] }

/** An index of two platforms, tagged, with a signature of the index and one of a child. */
export async function pushSigned({ registry }: TestRegistry, to: RepoRef, tag: string): Promise<Image> {
  const config = await pushBlob(registry, to, '{}')
  const blobs = [config]
  const children: Digest[] = []
  for (const platform of ['one', 'two']) {
    const layer = await pushBlob(registry, to, `${tag} ${platform}`)
    blobs.push(layer)
    children.push(
      (await registry.putManifest(to, { bytes: imageBytes({ config, layers: [layer] }), tags: [] }, TESTER)).digest,
    )
  }
  const { digest: index } = await registry.putManifest(to, { bytes: indexBytes(children), tags: [tag] }, TESTER)
  const signed = { config, subject: index, artifactType: 'application/signature' }
  const { digest: signature } = await registry.putManifest(to, { bytes: imageBytes(signed), tags: [] }, TESTER)
  return { index, children, signature, blobs }
}

export async function deleteAll({ registry }: TestRegistry, from: RepoRef, digests: readonly Digest[]): Promise<void> {
  for (const digest of digests) await registry.deleteManifest(from, digest, TESTER)
}
