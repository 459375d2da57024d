import {
  type BlobStore,
  type Clock,
  type Config,
  fileBlobs,
  nodeDisk,
  paths,
  readSecret,
  s3Blobs,
} from '../kernel/index.ts'

type Parts = { config: Config; clock: Clock; env: Readonly<Record<string, string | undefined>> }

/** The bytes of one region. `node` begins the ids of uploads. */
export function openRegionBlobs(
  { config, clock, env }: Parts,
  region: Config['regions'][number],
  node: string,
): BlobStore {
  const { reserveBytes } = config.limits
  const local = { disk: nodeDisk(), dir: paths(config).region(region.name), node, clock, reserveBytes }
  if (region.blobs.store === 'files') return fileBlobs(local)
  const { store: _, accessKeyId, secretAccessKey, ...place } = region.blobs
  return s3Blobs({
    ...local,
    ...place,
    accessKeyId: readSecret(accessKeyId, env),
    secretAccessKey: readSecret(secretAccessKey, env),
  })
}
