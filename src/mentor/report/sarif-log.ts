import { z } from 'zod'

const text = z.string().max(10_000)
const count = z.int().min(0).max(1_000_000_000)

/** All that the report reads of a log. Whatever else is in there, an author or a machine, is not even parsed. */
const run = z.object({
  tool: z.object({
    driver: z.object({
      name: text,
      rules: z
        .array(
          z.object({ id: text, name: text.optional(), properties: z.object({ answer: text }).partial().optional() }),
        )
        .max(10_000)
        .default([]),
    }),
  }),
  invocations: z
    .array(z.object({ endTimeUtc: z.iso.datetime().optional() }))
    .max(100)
    .default([]),
  results: z
    .array(
      z.object({
        ruleId: text,
        suppressions: z
          .array(z.object({ justification: text.optional() }))
          .max(100)
          .default([]),
        relatedLocations: z
          .array(z.object({ physicalLocation: z.object({ artifactLocation: z.object({ uri: text }) }) }))
          .max(100)
          .default([]),
        partialFingerprints: z.record(text, text).default({}),
      }),
    )
    .max(100_000)
    .default([]),
  properties: z
    .object({
      tallies: z
        .array(z.object({ norm: text, language: text, kept: count, broken: count }))
        .max(10_000)
        .default([]),
      undecided: z
        .array(z.object({ norm: text, language: text, answer: text, share: z.number().min(0).max(1), cases: count }))
        .max(10_000)
        .default([]),
    })
    .optional(),
})

export type Run = z.infer<typeof run>

const log = z.object({ version: z.literal('2.1.0'), runs: z.array(z.unknown()).max(1000) })
const tool = z.object({ tool: z.object({ driver: z.object({ name: z.literal('towpath-mentor') }) }) })

/** The mentor's runs of a log, which may hold those of others; or why there are none. */
export function readSarifLog(content: string): Run[] | string {
  const parsed = log.safeParse(json(content))
  if (!parsed.success) return 'is no SARIF 2.1.0'
  const own = parsed.data.runs.filter(one => tool.safeParse(one).success)
  if (own.length === 0) return 'has no run of towpath-mentor'
  const runs = own.map(one => run.safeParse(one))
  const wrong = runs.find(one => !one.success)
  if (wrong?.error) return `is not as towpath mentor check writes it (${wrong.error.issues[0]?.path.join('.')})`
  return runs.flatMap(one => (one.success ? [one.data] : []))
}

function json(content: string): unknown {
  try {
    return JSON.parse(content)
  } catch {
    return undefined
  }
}
