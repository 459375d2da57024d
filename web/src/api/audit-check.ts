import { type QueryClient, queryOptions } from '@tanstack/react-query'
import type { AuditCheck } from '../../../src/api/index.ts'
import { call } from './call.ts'

/** Part after part of a chain; `next` where it is not at the end yet. */
export type ChainCheck = AuditCheck & { readonly at: number }

/** As many as one answer tells. */
const MOST_PROBLEMS = 100

/**
 * Whether a chain is what was recorded. Its data grows while it runs. No event makes it stale: on a busy platform
 * a long chain would be begun again before it is through.
 */
export const checkQuery = (tenant: string, region: string) =>
  queryOptions({
    queryKey: ['audit-check', tenant, region],
    queryFn: ({ client, queryKey, signal }) => verify(client, { queryKey, tenant, region, signal }),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 3_600_000,
    refetchOnReconnect: false,
  })

type Asked = { queryKey: readonly string[]; tenant: string; region: string; signal: AbortSignal }

async function verify(client: QueryClient, { queryKey, tenant, region, signal }: Asked): Promise<ChainCheck> {
  const held = client.getQueryData<ChainCheck>(queryKey)
  // Where it broke off it goes on; where it was through it begins anew, and what was seen then must still be there.
  let whole = held?.next === undefined ? undefined : held
  const { sequence, hash } = held?.head ?? {}
  const seen = whole === undefined && sequence !== undefined ? { anchor: `${sequence}:${hash}` } : {}
  for (;;) {
    const after = whole?.next === undefined ? {} : { after: whole.next }
    const query = new URLSearchParams({ tenant, region, ...seen, ...after })
    const part = await call<AuditCheck>('GET', `/api/v1/audit/verify?${query}`, { signal })
    const checked = (whole?.checked ?? 0) + part.checked
    const problems = [...(whole?.problems ?? []), ...part.problems].slice(0, MOST_PROBLEMS)
    whole = { ...part, checked, problems, at: Date.now() }
    if (part.next === undefined) return whole
    client.setQueryData(queryKey, whole)
  }
}
