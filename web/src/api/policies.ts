import { queryOptions } from '@tanstack/react-query'
import type { Policy, PolicyBody, PolicyChange, Swept } from '../../../src/api/index.ts'
import { call, path, query } from './call.ts'
import type { Place } from './content.ts'

export const policiesQuery = (tenant: string, registry: string) =>
  queryOptions({
    queryKey: ['tenant', tenant, 'registries', registry, 'policies'],
    queryFn: async ({ signal }) => {
      const at = path`/api/v1/registries/${registry}/policies`
      return (await call<{ policies: Policy[] }>('GET', at, { signal })).policies
    },
  })

export function makePolicy(registry: string, body: PolicyBody): Promise<Policy> {
  return call('POST', path`/api/v1/registries/${registry}/policies`, { body })
}

export function changePolicy(registry: string, name: string, body: PolicyChange): Promise<Policy> {
  return call('PATCH', path`/api/v1/registries/${registry}/policies/${name}`, { body })
}

export function deletePolicy(registry: string, name: string): Promise<void> {
  return call('DELETE', path`/api/v1/registries/${registry}/policies/${name}`)
}

/** Each answer takes a region 8 s at most; who looks at a form waits no longer than for this many. */
const MOST_ASKED = 15

/** What it would delete now, saved or not; `next` where there was no time for all. */
export async function previewPolicy({ registry, region }: Place, body: PolicyBody): Promise<Swept> {
  let whole: Swept | undefined
  for (let asked = 0; asked < MOST_ASKED; asked++) {
    const at = path`/api/v1/registries/${registry}/policies/preview` + query({ region, after: whole?.next })
    const part = await call<Swept>('POST', at, { body })
    const stuck = part.next === whole?.next
    whole = whole ? together(whole, part) : part
    // One repository that takes longer than a region looks at once comes no further.
    if (part.next === undefined || stuck) break
  }
  if (!whole) throw new Error('nothing was asked')
  return whole
}

function together(before: Swept, part: Swept): Swept {
  const sum = (of: 'tags' | 'manifests') => ({
    goes: before[of].goes + part[of].goes,
    stays: before[of].stays + part[of].stays,
  })
  return { ...part, tags: sum('tags'), manifests: sum('manifests'), items: [...before.items, ...part.items] }
}
