import { z } from 'zod'
import { auditHeadShape } from '../api/index.ts'
import { type AnchorSource, type AuditAnchor, type HeadPage, hashAt, headsAfter } from '../audit/index.ts'
import type { ReadTx } from '../kernel/index.ts'

/** What control and the regions ask of each other's chains, under `/internal/v1/audit/`, and how it is answered. */
export const headsQuery = z.object({ after: z.string().max(100).default('') })

const chainPlace = z
  .string()
  .regex(/^[0-9a-z_]{1,100}:[0-9]{1,15}$/)
  .transform(text => ({ tenantId: text.split(':')[0] ?? '', sequence: Number(text.split(':')[1]) }))
export const hashesQuery = z.object({
  at: z.union([chainPlace.transform(one => [one]), z.array(chainPlace).max(100)]).default([]),
})

export const headPage = z.object({ heads: z.array(auditHeadShape).max(100), next: z.string().max(100).optional() })
export const hashList = z.object({ hashes: z.array(z.string()).max(100) })

export function answerHeads(db: ReadTx, region: string, { after }: z.output<typeof headsQuery>): Promise<HeadPage> {
  return headsAfter(db, region, after)
}

export async function answerHashes(db: ReadTx, region: string, { at }: z.output<typeof hashesQuery>) {
  const hashes: string[] = []
  for (const { tenantId, sequence } of at) hashes.push(await hashAt(db, tenantId, region, sequence))
  return { hashes }
}

/** The other side's chains. `ask` gives what it says in JSON. */
export function anchorSource(ask: (path: string) => Promise<unknown>): AnchorSource {
  return {
    heads: async after => headPage.parse(await ask(`/internal/v1/audit/heads?${new URLSearchParams({ after })}`)),
    async hashes(places) {
      const query = new URLSearchParams(places.map(({ tenantId, sequence }) => ['at', `${tenantId}:${sequence}`]))
      return hashList.parse(await ask(`/internal/v1/audit/hashes?${query}`)).hashes
    },
  }
}

/** `<sequence>:<hash>`, as the API's `after` and `anchor` have it. */
export function placeText({ sequence, hash }: AuditAnchor): string {
  return `${sequence}:${hash}`
}
