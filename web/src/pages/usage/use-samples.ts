import type { UseQueryResult } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import type { Usage } from '../../../../src/api/index.ts'

export type Sample = { readonly at: number; readonly usage: Usage }

/** An hour of looking every 5 s. */
const MOST = 720

/** What was answered since the page was opened, the oldest first; of another region from the start. */
export function useSamples({ data, dataUpdatedAt }: UseQueryResult<Usage>): readonly Sample[] {
  const [samples, setSamples] = useState<readonly Sample[]>([])
  useEffect(() => {
    if (!data) return
    setSamples(held => {
      const same = held.at(-1)?.usage.region === data.region ? held : []
      if (same.at(-1)?.at === dataUpdatedAt) return held
      return [...same.slice(1 - MOST), { at: dataUpdatedAt, usage: data }]
    })
  }, [data, dataUpdatedAt])
  return samples
}
