import { z } from 'zod'

/** What may be done with a repository, a tag or a manifest, as ACR has it; what is false is locked. */
const attributes = z.object({ read: z.boolean(), write: z.boolean(), delete: z.boolean(), list: z.boolean() })
export type ContentAttributes = z.output<typeof attributes>

/** What is left out stays. */
export const attributesBody = z.strictObject({
  read: z.boolean().optional(),
  write: z.boolean().optional(),
  delete: z.boolean().optional(),
  list: z.boolean().optional(),
})
export type AttributesBody = z.input<typeof attributesBody>

/** Which region’s content; the first of the configuration where it is left out. */
const region = z.string().max(40).optional()
// 255 characters at most, and some more for what is refused by its own words.
const repository = z.string().min(1).max(300)

export const contentQuery = z.object({ region })
export const repositoryQuery = contentQuery.extend({ repository })
export const tagQuery = repositoryQuery.extend({ tag: z.string().min(1).max(200) })
export const manifestQuery = repositoryQuery.extend({ digest: z.string().min(1).max(200) })

const page = {
  order: z.enum(['name', 'newest', 'oldest']).default('name'),
  /** `next` of the page before. */
  last: z.string().max(400).default(''),
  limit: z.coerce.number<number | string>().int().min(1).max(200).default(100),
}
/** A text that names must have in them, in any case. A page of a search may be short, or empty, and still have a next. */
const search = z.string().max(255).default('')

export const repositoryPageQuery = contentQuery.extend({
  ...page,
  search,
  order: z.enum(['name', 'newest']).default('name'),
})
export const tagPageQuery = repositoryQuery.extend({ ...page, search, digest: z.string().max(200).default('') })
export const manifestPageQuery = repositoryQuery.extend(page)

/** UTC milliseconds. */
const times = { created: z.int(), updated: z.int() }
const next = z.string().optional()

export const repositoryShape = z.object({
  name: z.string(),
  ...times,
  manifests: z.int(),
  tags: z.int(),
  /** Each blob that it links once, and its manifests. */
  bytes: z.int(),
  /** Manifests that were pulled in this region, since it counts them. */
  pulls: z.int(),
  /** To some seconds; 0: not since pulls are counted. */
  pulledAt: z.int(),
  attributes,
})
export type Repository = z.output<typeof repositoryShape>

export const repositoryList = z.object({
  region: z.string(),
  repositories: z.array(repositoryShape),
  /** Of the whole registry; counted up to 100,000. */
  total: z.int(),
  next,
})
export type RepositoryList = z.output<typeof repositoryList>

/** What is not known (yet) is left out. */
const facts = {
  mediaType: z.string(),
  /** All bytes that it leads to. */
  imageSize: z.int().optional(),
  configMediaType: z.string().optional(),
  architecture: z.string().optional(),
  os: z.string().optional(),
}

export const tagShape = z.object({ name: z.string(), digest: z.string(), ...times, attributes, ...facts })
export type Tag = z.output<typeof tagShape>

export const tagList = z.object({ region: z.string(), tags: z.array(tagShape), next })
export type TagList = z.output<typeof tagList>

export const manifestShape = z.object({
  digest: z.string(),
  ...times,
  attributes,
  ...facts,
  /** The first ones by name. */
  tags: z.array(z.string()),
  /** So many more, as far as they were counted. */
  moreTags: z.int(),
})
export type Manifest = z.output<typeof manifestShape>

export const manifestPageShape = z.object({ region: z.string(), manifests: z.array(manifestShape), next })
export type ManifestPage = z.output<typeof manifestPageShape>

const texts = z.record(z.string(), z.string())

const part = z.object({
  digest: z.string(),
  mediaType: z.string(),
  size: z.int(),
  /** Foreign layers may be elsewhere only. */
  here: z.boolean(),
  /** Of the registry, this one too; 101: that many or more. */
  repositories: z.int(),
  /** Of this repository, this one too; 101: that many or more. */
  manifests: z.int(),
  /** The file that it is, where somebody said so. */
  title: z.string(),
})
export type ManifestPart = z.output<typeof part>

const entry = z.object({
  digest: z.string(),
  mediaType: z.string(),
  size: z.int(),
  here: z.boolean(),
  platform: z.string(),
  artifactType: z.string(),
  annotations: texts,
  imageSize: z.int().optional(),
})
export type ManifestEntry = z.output<typeof entry>

const settings = z.object({
  created: z.string(),
  entrypoint: z.array(z.string()),
  command: z.array(z.string()),
  folder: z.string(),
  user: z.string(),
  ports: z.array(z.string()),
  labels: texts,
  /** How many; what stands in them may be secret. */
  variables: z.int(),
})
export type ImageSettings = z.output<typeof settings>

const tree = z.object({
  kind: z.enum(['image', 'index', 'artifact', 'other']),
  /** Of the manifest itself. */
  size: z.int(),
  artifactType: z.string(),
  annotations: texts,
  /** What it is about; '' where it is about no other. */
  subject: z.string(),
  config: part.optional(),
  layers: z.array(part),
  moreLayers: z.int(),
  entries: z.array(entry),
  moreEntries: z.int(),
  referrers: z.array(entry),
  moreReferrers: z.boolean(),
  listedBy: z.array(z.string()),
})
export type ManifestTree = z.output<typeof tree>

export const wholeManifestShape = manifestShape.extend({
  region: z.string(),
  /** Left out where it is locked against reading. */
  tree: tree.optional(),
  /** How an image runs; only for who may read content. */
  settings: settings.optional(),
})
export type WholeManifest = z.output<typeof wholeManifestShape>

/** What was there and is gone; of a very large repository what is left goes in the background. */
export const repositoryGone = z.object({ manifests: z.int(), tags: z.int() })
export type RepositoryGone = z.output<typeof repositoryGone>
