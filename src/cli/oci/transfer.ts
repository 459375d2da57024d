import { type Copied, copyContent, digestHex, registryEnd, type Source, type Target } from '../../oci/index.ts'
import type { Endpoint } from './endpoint.ts'
import type { Common, Session } from './session.ts'

type Transfer = { from: Source; to: Target; name: string | undefined; tag: string | undefined; referrers?: boolean }

/** Copies with progress. */
export function transfer({ progress, signal }: Session, common: Common, { tag, ...what }: Transfer): Promise<Copied> {
  return copyContent({
    ...what,
    ...(tag === undefined ? {} : { tag }),
    concurrency: common.concurrency ?? 4,
    ...(common.chunkSize === undefined ? {} : { chunkBytes: common.chunkSize }),
    onPlan: ({ blobs }) => progress.expect(blobs.reduce((sum, blob) => sum + blob.size, 0)),
    onBlob: (blob, at, outcome) =>
      progress.at(blob.digest, digestHex(blob.digest).slice(0, 12), at, blob.size, outcome),
    signal,
  })
}

export function registryAt({ client }: Session, { ref }: Extract<Endpoint, { kind: 'registry' }>): Source & Target {
  return registryEnd(client, { host: ref.host, repository: ref.repository })
}
