import { z } from 'zod'
import { patterns } from '../pattern.ts'

const days = z.int().min(1).max(3650).nullable()

/** Which tags go: of those that it looks at, the ones that none of its rules keeps. null: no such rule. */
export const tags = z.object({
  kind: z.literal('tags'),
  settings: z
    .strictObject({
      tags: patterns.min(1),
      keepLast: z.int().min(1).max(10_000).nullable(),
      keepPushedDays: days,
      keepPulledDays: days,
      keepMatching: patterns,
      /** Manifests that lost their last tag by it go with it. */
      deleteManifests: z.boolean(),
    })
    .refine(
      ({ keepLast, keepPushedDays, keepPulledDays, keepMatching }) =>
        keepMatching.length > 0 || [keepLast, keepPushedDays, keepPulledDays].some(rule => rule !== null),
      'nothing is kept: name at least one of keepLast, keepPushedDays, keepPulledDays, keepMatching',
    ),
})
