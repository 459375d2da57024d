import { z } from 'zod'
import { contentQuery, repositoryQuery } from './repositories.ts'

const tag = z.string().min(1).max(200)
const digest = z.string().min(1).max(200)
const limit = z.coerce.number<number | string>().int().min(1).max(100).default(100)
const next = z.string().optional()
/** `next` of the page before: a time, and what stood there. */
const after = z
  .string()
  .max(400)
  .regex(/^(?:[0-9]{1,15}~.+)?$/, 'not what the page before called its next')
  .default('')

export const deletedQuery = contentQuery.extend({ last: z.string().max(300).default(''), limit })
export const deletedManifestQuery = repositoryQuery.extend({ last: after, limit })
export const deletedTagQuery = deletedManifestQuery.extend({ tag: tag.optional() })

/** UTC milliseconds. `by`: who deleted it; '' where another region did. `purgeAt`: by the days that were known last. */
const deleted = { deletedAt: z.int(), by: z.string(), purgeAt: z.int() }

export const deletedRepositoryShape = z.object({
  repository: z.string(),
  /** Something of that name is here (again). */
  live: z.boolean(),
  /** It was deleted whole, and can be restored so. */
  whole: z.boolean(),
  deletedAt: z.int(),
})
export type DeletedRepository = z.output<typeof deletedRepositoryShape>
export const deletedRepositoryList = z.object({
  region: z.string(),
  repositories: z.array(deletedRepositoryShape),
  next,
})

export const deletedManifestShape = z.object({
  digest: z.string(),
  mediaType: z.string(),
  artifactType: z.string(),
  subject: z.string(),
  size: z.int(),
  /** Those that led to it, the first 20 by name. */
  tags: z.array(z.string()),
  ...deleted,
})
export type DeletedManifest = z.output<typeof deletedManifestShape>
export const deletedManifestList = z.object({ region: z.string(), manifests: z.array(deletedManifestShape), next })

export const deletedTagShape = z.object({ name: z.string(), digest: z.string(), taggedAt: z.int(), ...deleted })
export type DeletedTag = z.output<typeof deletedTagShape>
export const deletedTagList = z.object({ region: z.string(), tags: z.array(deletedTagShape), next })

/**
 * With `tag` that tag, of that digest or as it was deleted last; with `digest` alone the manifest and the tags that went
 * with it; with neither all that went with the whole repository.
 */
export const restoreBody = z.strictObject({
  tag: tag.optional(),
  digest: digest.optional(),
  /** Tags move that lead elsewhere now. */
  force: z.boolean().default(false),
})
export type RestoreBody = z.input<typeof restoreBody>

export const restoredShape = z.object({
  region: z.string(),
  manifests: z.int(),
  tags: z.int(),
  /** Tags that stayed in the trash, as their name is in use, locked or immutable; 100 at most. */
  inUse: z.array(z.string()),
  /** Manifests that stayed there, as something that they need is gone for good; 100 at most. */
  incomplete: z.array(z.string()),
  /** The rest of a very large repository comes back in the background. */
  more: z.boolean(),
})
export type Restored = z.output<typeof restoredShape>

/** All of a repository, or of it a tag or a manifest. */
export const purgeQuery = repositoryQuery.extend({ tag: tag.optional(), digest: digest.optional() })
/** `more`: the same again goes on. */
export const purgedShape = z.object({ region: z.string(), manifests: z.int(), tags: z.int(), more: z.boolean() })
