import { DatabaseSync } from 'node:sqlite'
import { OCI, sha256 } from '../../test/peers/support/digest.ts'
import { EMPTY } from './fill.ts'

/** A thousand manifests a repository. */
const EACH = 1000
export const REGISTRY = 'reg_default'

export type Filled = { repository: string; digest: string; body: string; layer: string; layerBytes: Buffer }

/** Manifest `number` of a store: an image of one layer of its own and a config that all share. */
export function filled(number: number): Filled {
  const layerBytes = Buffer.from(`layer ${number}`)
  const layer = sha256(layerBytes)
  const body = JSON.stringify({
    schemaVersion: 2,
    mediaType: OCI.manifest,
    config: { mediaType: OCI.config, digest: EMPTY.digest, size: EMPTY.bytes.length },
    layers: [{ mediaType: OCI.layerGzip, digest: layer, size: layerBytes.length }],
  })
  return { repository: `bench/store-${Math.floor(number / EACH)}`, digest: sha256(body), body, layer, layerBytes }
}

/** Where the files driver looks for the layer's bytes. */
export function keyOf({ layer }: Filled): string {
  return `${layer}.0-fill`
}

/** The first so many manifests as rows, past the registry: a million pushes would take an hour. Nothing else may be writing. */
export function fillStore(path: string, manifests: number): void {
  const db = new DatabaseSync(path)
  const now = Date.now()
  try {
    // In one go and in memory: digests fall all over the indexes.
    db.exec('pragma journal_mode = off; pragma synchronous = off; pragma cache_size = -4000000')
    const insert = (table: string, columns: string) =>
      db.prepare(`insert into ${table} (${columns}) values (${columns.replace(/\w+/g, '?')}) on conflict do nothing`)
    const repository = insert('repository', 'registry_id, name, created_at')
    const count = insert('repository_count', 'registry_id, repository, manifests, tags, updated_at')
    const blob = insert('blob', 'registry_id, digest, blob_key, size, created_at')
    const link = insert('repository_blob', 'registry_id, repository, digest, blob_key, size, review_at')
    const manifest = insert(
      'manifest',
      'registry_id, repository, digest, media_type, artifact_type, subject, size, created_at, hlc, body',
    )
    const detail = insert(
      'manifest_detail',
      'registry_id, repository, digest, media_type, created_at, updated_at, untagged_at, described, image_size, config_media_type, architecture, os',
    )
    const reference = insert('manifest_reference', 'registry_id, repository, digest, target')
    // As the region's own clock would have it.
    const hlc = `${now.toString(16).padStart(12, '0')}-0000-home.fill`
    db.exec('begin')
    blob.run(REGISTRY, EMPTY.digest, `${EMPTY.digest}.0-fill`, EMPTY.bytes.length, now)
    for (let number = 0; number < manifests; number++) {
      const one = filled(number)
      const { digest, body, layer, layerBytes } = one
      if (number % EACH === 0) {
        repository.run(REGISTRY, one.repository, now)
        count.run(REGISTRY, one.repository, EACH, 0, now)
        link.run(REGISTRY, one.repository, EMPTY.digest, `${EMPTY.digest}.0-fill`, EMPTY.bytes.length, 0)
      }
      blob.run(REGISTRY, layer, keyOf(one), layerBytes.length, now)
      link.run(REGISTRY, one.repository, layer, keyOf(one), layerBytes.length, 0)
      manifest.run(REGISTRY, one.repository, digest, OCI.manifest, '', '', body.length, now, hlc, Buffer.from(body))
      detail.run(
        REGISTRY,
        one.repository,
        digest,
        OCI.manifest,
        now,
        now,
        now,
        1,
        layerBytes.length,
        OCI.config,
        '',
        '',
      )
      for (const target of [EMPTY.digest, layer]) reference.run(REGISTRY, one.repository, digest, target)
    }
    db.exec('commit; pragma journal_mode = wal')
  } finally {
    db.close()
  }
}
