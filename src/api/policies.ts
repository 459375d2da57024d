import { z } from 'zod'
import { nameField } from './fields.ts'

const status = z.enum(['enabled', 'disabled'])
/** `*` stands for any run of characters, slashes too. What else may stand in it is the registry's to say. */
const pattern = z.string().min(1).max(200)
const patterns = z.array(pattern).max(20)
const somePatterns = patterns.min(1)
const days = z.int().min(1).max(3650).nullable()

/** Manifests of any media type that have no tag go after so many days without one. */
const retention = { days: z.int().min(0).max(3650) }

/** A tag that is looked at goes where no rule keeps it. null, or an empty list: no such rule. */
const tags = {
  tags: somePatterns,
  /** The newest so many, by when they were pushed. */
  keepLast: z.int().min(1).max(10_000).nullable(),
  keepPushedDays: days,
  keepPulledDays: days,
  keepMatching: patterns,
  /** Manifests that lost their last tag by it go with it. */
  deleteManifests: z.boolean(),
}

/** Tags that neither move nor go once they are there. */
const immutable = { tags: somePatterns }

/** `pem`: a public key, as cosign.pub has it. */
const key = { name: z.string().max(63), pem: z.string().max(2000) }

/** Who may have signed what is pulled; `refuse`: whether what none of them signed is not pulled. */
const trust = { keys: z.array(z.object(key)), refuse: z.boolean() }
const someKeys = z.array(z.strictObject(key)).min(1).max(10)
/** What is deleted can be restored for so many days. */
const softDelete = { days: z.int().min(1).max(90) }

/** How many bytes each repository may hold; or the registry, for pushes to these repositories to go on. */
const quota = {
  bytes: z
    .int()
    .min(1)
    .max(2 ** 50),
  of: z.enum(['registry', 'repository']),
}

const shown = { id: z.string(), name: z.string(), repositories: z.string(), status, createdAt: z.int() }

export const policyShape = z.discriminatedUnion('kind', [
  z.object({ ...shown, kind: z.literal('retention'), settings: z.object(retention) }),
  z.object({ ...shown, kind: z.literal('tags'), settings: z.object(tags) }),
  z.object({ ...shown, kind: z.literal('immutable'), settings: z.object(immutable) }),
  z.object({ ...shown, kind: z.literal('trust'), settings: z.object(trust) }),
  z.object({ ...shown, kind: z.literal('soft-delete'), settings: z.object(softDelete) }),
  z.object({ ...shown, kind: z.literal('quota'), settings: z.object(quota) }),
])
export type Policy = z.output<typeof policyShape>

export const policyList = z.object({ policies: z.array(policyShape) })

const given = { name: nameField, repositories: pattern.default('*'), status: status.default('enabled') }

export const policyBody = z.discriminatedUnion('kind', [
  z.strictObject({ ...given, kind: z.literal('retention'), settings: z.strictObject(retention) }),
  z.strictObject({
    ...given,
    kind: z.literal('tags'),
    settings: z.strictObject({
      tags: somePatterns.default(['*']),
      keepLast: tags.keepLast.default(null),
      keepPushedDays: days.default(null),
      keepPulledDays: days.default(null),
      keepMatching: patterns.default([]),
      deleteManifests: z.boolean().default(false),
    }),
  }),
  z.strictObject({ ...given, kind: z.literal('immutable'), settings: z.strictObject(immutable) }),
  z.strictObject({
    ...given,
    kind: z.literal('trust'),
    settings: z.strictObject({ keys: someKeys, refuse: trust.refuse.default(false) }),
  }),
  z.strictObject({
    ...given,
    kind: z.literal('soft-delete'),
    settings: z.strictObject({ days: softDelete.days.default(7) }),
  }),
  z.strictObject({
    ...given,
    kind: z.literal('quota'),
    settings: z.strictObject({ ...quota, of: quota.of.default('registry') }),
  }),
])
export type PolicyBody = z.input<typeof policyBody>

/** What is left out stays, also of the settings; the kind is for good. */
export const policyChange = z.strictObject({
  repositories: pattern.optional(),
  status: status.optional(),
  settings: z
    .union([
      z.strictObject(retention),
      z.strictObject(tags).partial(),
      z.strictObject(immutable).partial(),
      z.strictObject({ ...trust, keys: someKeys }).partial(),
      z.strictObject(quota).partial(),
    ])
    .optional(),
})
export type PolicyChange = z.input<typeof policyChange>

const swept = z.object({ goes: z.int(), stays: z.int() })

/** What a policy or a purge takes from one region's repositories, or would. Items are the first of each; the counts know all. */
export const sweptShape = z.object({
  region: z.string(),
  tags: swept,
  manifests: swept,
  items: z.array(
    z.object({
      repository: z.string(),
      kind: z.enum(['tag', 'manifest']),
      /** The tag, or the digest. */
      name: z.string(),
      digest: z.string(),
      /** UTC milliseconds. */
      pushedAt: z.int(),
      goes: z.boolean(),
      /** Why it goes, or what keeps it. */
      why: z.string(),
    }),
  ),
  /** `after` of the question that goes on; there was no time for all. */
  next: z.string().optional(),
})
export type Swept = z.output<typeof sweptShape>

/** `region`: the first of the configuration where it is left out. `after`: `next` of the answer before. */
export const sweepQuery = z.object({ region: z.string().max(40).optional(), after: z.string().max(256).default('') })

/** In the words of `acr purge`. */
export const purgeBody = z.strictObject({
  /** `<repository>:<tag>`, regular expressions of a safe kind. */
  filters: z.array(z.string().min(1).max(200)).min(1).max(20),
  /** Milliseconds: what was pushed since then stays. */
  ago: z
    .int()
    .min(0)
    .max(150 * 365 * 24 * 3600 * 1000),
  /** So many of the newest that would go stay. */
  keep: z.int().min(0).max(1_000_000).default(0),
  /** Whether tags go. */
  tags: z.boolean().default(true),
  /** Whether manifests without a tag go. */
  untagged: z.boolean().default(false),
  dryRun: z.boolean(),
})
export type PurgeBody = z.input<typeof purgeBody>
