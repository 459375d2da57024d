import { z } from 'zod'
import { deletedManifestQuery, deletedQuery, deletedTagQuery, restoreBody } from '../api/index.ts'
import { parseDigest, parseRepository, parseTag } from '../oci/index.ts'
import type { Trash } from '../registry/index.ts'
import { askedBy, type NodeQuestions } from './node-questions.ts'

const registryId = z.string().max(70)
const one = { registryId, repository: z.string().transform(parseRepository) }
const tag = z.string().transform(parseTag).exactOptional()
const digest = z.string().transform(parseDigest).exactOptional()

const repositories = deletedQuery.extend({ registryId })
const manifests = deletedManifestQuery.extend(one)
const tags = deletedTagQuery.extend({ ...one, tag })
const restoring = restoreBody.extend({ ...one, by: askedBy, tag, digest })
const purging = z.object({ ...one, by: askedBy, tag, digest })

/** What a node answers of what was deleted in its region; who asks was let through by control. */
export function createNodeDeleted(trash: Trash): NodeQuestions {
  return {
    async 'GET content/deleted'({ query }) {
      const { registryId, last, limit } = repositories.parse(query)
      const { items, next } = await trash.repositories(registryId, { n: limit, last })
      return { repositories: items, next }
    },

    async 'GET content/deleted-manifests'({ query }) {
      const { last, limit, ...repo } = manifests.parse(query)
      const { items, next } = await trash.manifests(repo, { n: limit, last })
      return { manifests: items, next }
    },

    async 'GET content/deleted-tags'({ query }) {
      const { last, limit, tag, ...repo } = tags.parse(query)
      const { items, next } = await trash.tags(repo, { n: limit, last, ...(tag === undefined ? {} : { tag }) })
      return { tags: items, next }
    },

    async 'POST content/restore'({ body }) {
      const { by, registryId, repository, ...what } = restoring.parse(body)
      return trash.restore({ registryId, repository }, what, by)
    },

    async 'POST content/purge'({ body }) {
      const { by, registryId, repository, ...what } = purging.parse(body)
      return trash.purge({ registryId, repository }, what, by)
    },
  }
}
