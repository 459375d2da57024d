import { useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { useMemo } from 'react'
import type { Place } from '../../api/content.ts'
import { useTenant } from '../../app/tenant.ts'

/** No name or digest is longer. */
const LONGEST = 300

/** What the page's address says after its `?`; what is no text there is nothing. */
export function useAddress(): Readonly<Record<string, string>> {
  const search: Record<string, unknown> = useSearch({ strict: false })
  const text = JSON.stringify(
    Object.entries(search).flatMap(([name, value]) => {
      // The address `?tag=12` comes as a number.
      const said = typeof value === 'string' || typeof value === 'number' ? String(value) : ''
      return said === '' || said.length > LONGEST ? [] : [[name, said]]
    }),
  )
  return useMemo(() => Object.fromEntries(JSON.parse(text)), [text])
}

/** Puts something else into the address; '' takes it out. The way back does not lead through each letter of a search. */
export function useSetAddress(): (change: Readonly<Record<string, string>>) => void {
  const navigate = useNavigate()
  return change =>
    navigate({
      to: '.',
      replace: true,
      search: ((held: Record<string, unknown>) => {
        const said = Object.entries({ ...held, ...change }).filter(([, value]) => value !== '')
        return Object.fromEntries(said)
      }) as never,
    })
}

/** The registry and the region that the page is about. */
export function usePlace(): Place {
  const tenant = useTenant().id
  const { name: registry = '' }: { name?: string } = useParams({ strict: false })
  const { region } = useAddress()
  return useMemo(() => ({ tenant, registry, region }), [tenant, registry, region])
}

/** For links from one page of a registry to another: the region stays. */
export function inRegion({ region }: Place): Record<string, string> {
  return region === undefined ? {} : { region }
}
