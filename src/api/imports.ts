import { z } from 'zod'

/** `waiting`: for its turn, or for the next try. */
const state = z.enum(['waiting', 'running', 'succeeded', 'failed', 'canceled'])
const count = z.object({ done: z.int(), total: z.int() })
const told = { code: z.string(), status: z.int(), title: z.string(), detail: z.string() }

export const importShape = z.object({
  id: z.string(),
  /** Where it runs; replication carries what came elsewhere. */
  region: z.string(),
  state,
  /** `host/repository`, with the tag or digest that was asked for. */
  source: z.string(),
  allTags: z.boolean(),
  /** Where it goes, and by which tags; all tags keep their names. */
  repository: z.string(),
  tags: z.array(z.string()),
  force: z.boolean(),
  referrers: z.boolean(),
  /** What the source's tag led to when it was begun; null where that is not known (yet). */
  digest: z.string().nullable(),
  progress: z.object({
    /** Of all tags: those that are done. */
    tags: z.int(),
    /** These three of the try that is under way, as far as is known. What is here already is done. */
    manifests: count,
    blobs: count,
    bytes: count,
    /** Bytes of blobs that came from the source, over all tries. */
    fetched: z.int(),
  }),
  /** Why it failed; where it waits or runs, why the last try did. */
  error: z.object(told).nullable(),
  /** Of all tags: the first that could not be imported. */
  problems: z.array(z.object({ tag: z.string(), ...told })),
  /** Tries in a row that brought nothing. */
  failures: z.int(),
  askedBy: z.object({ id: z.string(), kind: z.string(), tenantId: z.string() }),
  createdAt: z.int(),
  startedAt: z.int().nullable(),
  endedAt: z.int().nullable(),
  updatedAt: z.int(),
})
export type Import = z.output<typeof importShape>

export const importList = z.object({ imports: z.array(importShape), next: z.string().optional() })

/** Which region: the first of the configuration where it is left out. */
export const importRegionQuery = z.object({ region: z.string().max(40).optional() })

export const importListQuery = importRegionQuery.extend({
  /** `next` of the page before. */
  before: z.string().max(100).optional(),
  limit: z.coerce.number<number | string>().int().min(1).max(100).default(50),
})

export const importBody = z
  .strictObject({
    /** `host/repository[:tag][@digest]`. */
    source: z.string().min(1).max(1024),
    allTags: z.boolean().default(false),
    /** Where it goes; the source's repository where it is left out. */
    repository: z.string().max(255).optional(),
    /** The source's own where they are left out; by a digest none. */
    tags: z.array(z.string().max(128)).max(100).optional(),
    /** Moves tags that lead elsewhere here. */
    force: z.boolean().default(false),
    /** Signatures and documents that refer to it come too. */
    referrers: z.boolean().default(true),
    /** For a source without TLS. */
    plainHttp: z.boolean().default(false),
    /** Of the source; sealed, and forgotten when the import ends. */
    username: z.string().min(1).max(1000).optional(),
    password: z.string().min(1).max(16_000).optional(),
  })
  .refine(({ username, password }) => (username === undefined) === (password === undefined), {
    error: 'username and password belong together',
  })
export type ImportBody = z.input<typeof importBody>
