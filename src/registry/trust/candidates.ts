import { list, type ReadTx, sql } from '../../kernel/index.ts'
import { mediaTypes } from '../../oci/index.ts'
import type { RepoRef } from '../content/change.ts'
import { BUNDLE, COSIGN_SIGNATURE } from './media-types.ts'

/** Manifests of signatures that are looked at for one pull, and indexes that may vouch for what they list. */
const CANDIDATES = 32
const INDEXES = 20

/** `subject`: the manifest that is pulled, or an index that lists it. `digest`: what says that it is a signature of that. */
export type Candidate = { readonly subject: string; readonly digest: string }

/**
 * Which signatures there are now. The oldest first: whoever may push can add as many as they like, and must not crowd
 * out the one that counts.
 */
export function signatureCandidates(read: ReadTx, { registryId, repository }: RepoRef, digest: string) {
  return read.all<Candidate>(sql`with subject as (
      select cast(${digest} as text) as digest
      union all
      select digest from (
        select d.digest from manifest_reference r join manifest_detail d
          on d.registry_id = r.registry_id and d.repository = r.repository and d.digest = r.digest
        where r.registry_id = ${registryId} and r.repository = ${repository} and r.target = ${digest}
          and d.media_type in (${list([mediaTypes.ociIndex, mediaTypes.dockerList])})
        order by d.created_at, d.digest limit ${INDEXES}) as listing
    ), found as (
      select s.digest as subject, r.digest as digest from subject s join referrer r
        on r.registry_id = ${registryId} and r.repository = ${repository} and r.subject = s.digest
        and r.artifact_type in (${list([BUNDLE, COSIGN_SIGNATURE])})
      union all
      select s.digest as subject, t.digest as digest from subject s join tag t
        on t.registry_id = ${registryId} and t.repository = ${repository}
        and t.name = replace(s.digest, ':', '-') || '.sig'
    )
    select f.subject, f.digest from found f join manifest_detail d
      on d.registry_id = ${registryId} and d.repository = ${repository} and d.digest = f.digest
    order by d.created_at, f.digest limit ${CANDIDATES}`)
}
