import { useQuery } from '@tanstack/react-query'
import { useParams, useRouterState } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { endpointsQuery, type Place } from '../../api/content.ts'
import { BackLink } from '../../ui/back-link.tsx'
import { Select } from '../../ui/field.tsx'
import { PageBody } from '../../ui/page.tsx'
import { Tabs } from '../../ui/tabs.tsx'
import { REGISTRY_TABS } from './registry-tabs.ts'
import { inRegion, usePlace, useSetAddress } from './use-place.ts'

/** What stands around every page of one registry. */
export function RegistryFrame({ actions, children }: { actions?: ReactNode; children: ReactNode }) {
  const place = usePlace()
  const params: Record<string, string> = useParams({ strict: false })
  const here = useRouterState({ select: state => state.location.pathname })
  const root = `/t/${params.tenant}/registries/${params.name}`
  return (
    <>
      <BackLink to="/t/$tenant/registries">Registries</BackLink>
      <PageBody title={place.registry} actions={actions}>
        <Tabs
          label="Registry"
          params={params}
          tabs={REGISTRY_TABS.map(({ label, below, regional }) => ({
            label,
            to: `/t/$tenant/registries/$name${below}`,
            search: regional ? inRegion(place) : {},
            here: here === `${root}${below}`,
          }))}
        />
        {children}
      </PageBody>
    </>
  )
}

/** Each region has content of its own; with one there is nothing to choose. */
export function RegionSwitch({ place }: { place: Place }) {
  const { data } = useQuery(endpointsQuery(place.tenant, place.registry))
  const set = useSetAddress()
  if (data === undefined || data.regions.length < 2) return null
  const [first] = data.regions
  return (
    <div className="w-44">
      <Select
        aria-label="Region"
        value={place.region ?? first?.name}
        options={data.regions.map(({ name }) => ({ value: name, label: `Region ${name}` }))}
        onChange={event => set({ region: event.currentTarget.value === first?.name ? '' : event.currentTarget.value })}
      />
    </div>
  )
}
