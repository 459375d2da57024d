import { z } from 'zod'
import { attributesBody, manifestPageQuery, repositoryPageQuery, tagPageQuery } from '../api/index.ts'
import { isImageConfig, parseDigest, parseRepository, parseTag } from '../oci/index.ts'
import {
  type ManifestMetadata,
  ManifestUnknown,
  placeAfter,
  type Registry,
  RepositoryUnknown,
  TagUnknown,
} from '../registry/index.ts'
import { askedBy, type NodeQuestions } from './node-questions.ts'

const registryId = z.string().max(70)
const repository = z.string().transform(parseRepository)
const repositories = repositoryPageQuery.extend({ registryId })
const oneRepository = z.object({ registryId, repository })
const tags = tagPageQuery.extend(oneRepository.shape)
const manifests = manifestPageQuery.extend(oneRepository.shape)
const digest = z.string().transform(parseDigest)
const oneManifest = oneRepository.extend({ digest, content: z.stringbool() })
const by = { by: askedBy }
const subject = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('repository'), name: z.literal('') }),
  z.object({ kind: z.literal('tag'), name: z.string().transform(parseTag) }),
  z.object({ kind: z.literal('manifest'), name: digest }),
])
const locking = oneRepository.extend({ ...by, of: subject, set: attributesBody })
const tagGoing = oneRepository.extend({ ...by, tag: z.string().transform(parseTag) })
const manifestGoing = oneRepository.extend({ ...by, digest })
const repositoryGoing = oneRepository.extend(by)

// As many as a row of a list has room for; the manifest's own page asks for them by digest.
const TAGS_A_ROW = 20

/** What a node answers of its region's content; who asks was let through by control. */
export function createNodeContent({ registry }: { registry: Registry }): NodeQuestions {
  const { metadata } = registry
  return {
    async 'GET content/repositories'({ query }) {
      const { registryId, order, last, limit, search } = repositories.parse(query)
      const page = { n: limit, order, has: search, ...placeAfter(order, last) }
      const { items, next } = await metadata.repositories(registryId, page)
      return { repositories: items, total: await metadata.countRepositories(registryId), next }
    },

    async 'GET content/repository'({ query }) {
      const repo = oneRepository.parse(query)
      const found = await metadata.repository(repo)
      if (!found) throw RepositoryUnknown(repo.repository)
      return found
    },

    async 'GET content/tags'({ query }) {
      const { order, last, limit, search, digest, ...repo } = tags.parse(query)
      const of = digest === '' ? '' : parseDigest(digest)
      const page = { n: limit, order, has: search, digest: of, ...placeAfter(order, last) }
      const listed = await metadata.tags(repo, page)
      if (!listed) throw RepositoryUnknown(repo.repository)
      const facts = await metadata.manifestFacts(
        repo,
        listed.items.map(tag => tag.digest),
      )
      const items = listed.items.map(tag => ({ ...tag, ...flat(facts.get(tag.digest) ?? { mediaType: '' }) }))
      return { tags: items, next: listed.next }
    },

    async 'GET content/manifests'({ query }) {
      const { order, last, limit, ...repo } = manifests.parse(query)
      const listed = await metadata.manifests(repo, { n: limit, order, ...placeAfter(order, last) })
      if (!listed) throw RepositoryUnknown(repo.repository)
      return { manifests: listed.items.map(row), next: listed.next }
    },

    async 'GET content/manifest'({ query }) {
      const { digest, content, ...repo } = oneManifest.parse(query)
      const [found, within] = [await metadata.manifest(repo, digest), await metadata.repository(repo)]
      if (!found || !within) throw ManifestUnknown(repo.repository, digest)
      // Locked against reading: its row is shown all the same, so that somebody can unlock it.
      if (!found.attributes.read || !within.attributes.read) return row(found)
      const tree = await registry.readTree(repo, digest)
      const config = tree?.kind === 'image' && tree.config && isImageConfig(tree.config.mediaType) && tree.config.digest
      const settings = content && config ? await registry.readSettings(repo, config) : undefined
      return { ...row(found), tree, settings }
    },

    async 'POST content/attributes'({ body }) {
      const { by, of, set, registryId, repository } = locking.parse(body)
      await registry.setAttributes({ registryId, repository }, of, defined(set), by)
      return {}
    },

    async 'POST content/untag'({ body }) {
      const { by, tag, ...repo } = tagGoing.parse(body)
      if (!(await registry.deleteTag(repo, tag, by))) throw TagUnknown(repo.repository, tag)
      return {}
    },

    async 'POST content/delete-manifest'({ body }) {
      const { by, digest, ...repo } = manifestGoing.parse(body)
      if (!(await registry.deleteManifest(repo, digest, by))) throw ManifestUnknown(repo.repository, digest)
      return {}
    },

    async 'POST content/delete-repository'({ body }) {
      const { by, ...repo } = repositoryGoing.parse(body)
      const gone = await registry.deleteRepository(repo, by)
      return { manifests: gone.manifests.length, tags: gone.tags.length }
    },
  }
}

type Facts = Pick<ManifestMetadata, 'mediaType' | 'described'>

/** '' is not said at all. */
function flat({ mediaType, described }: Facts) {
  const said = Object.entries(described ?? {}).filter(([, value]) => value !== '')
  return { mediaType, ...Object.fromEntries(said) }
}

function row({ described, tags, ...known }: ManifestMetadata) {
  const moreTags = Math.max(0, tags.length - TAGS_A_ROW)
  return {
    ...known,
    ...flat({ mediaType: known.mediaType, ...(described ? { described } : {}) }),
    tags: tags.slice(0, TAGS_A_ROW),
    moreTags,
  }
}

function defined(set: z.output<typeof attributesBody>) {
  return Object.fromEntries(Object.entries(set).filter(([, value]) => value !== undefined))
}
