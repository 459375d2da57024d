import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate, useParams } from '@tanstack/react-router'
import { useState } from 'react'
import type { Repository } from '../../../../src/api/index.ts'
import { changeRow, deleteRepository, type Place, repositoryQuery } from '../../api/content.ts'
import { PageLoading } from '../../app/page-states.tsx'
import { useChange } from '../../app/use-change.ts'
import { BackLink } from '../../ui/back-link.tsx'
import { bytes } from '../../ui/bytes.ts'
import { Confirm } from '../../ui/dialog.tsx'
import { Facts } from '../../ui/facts.tsx'
import { Loaded } from '../../ui/loaded.tsx'
import { MenuItem, PageMenu } from '../../ui/menu.tsx'
import { PageBody, Panel } from '../../ui/page.tsx'
import { plural } from '../../ui/plural.ts'
import { Tabs } from '../../ui/tabs.tsx'
import { Time } from '../../ui/time.tsx'
import { KEPT } from './kept.ts'
import { LockPanel } from './lock-panel.tsx'
import { Manifests } from './manifests.tsx'
import { RegionSwitch } from './registry-frame.tsx'
import { Tags } from './tags.tsx'
import { inRegion, useAddress, usePlace } from './use-place.ts'

const TABS = [
  { label: 'Tags', tab: '' },
  { label: 'Manifests', tab: 'manifests' },
  { label: 'Settings', tab: 'settings' },
] as const

/** One repository: its name stands behind the `?`, as it has slashes. */
export function RepositoryPage() {
  const place = usePlace()
  const { repository = '' } = useAddress()
  const found = useQuery(repositoryQuery(place, repository))
  return (
    <>
      <BackLink to="/t/$tenant/registries/$name/repositories" search={inRegion(place)}>
        {place.registry}
      </BackLink>
      <Loaded query={found} loading={<PageLoading />}>
        {data => <Whole place={place} repository={data} />}
      </Loaded>
    </>
  )
}

function Whole({ place, repository }: { place: Place; repository: Repository }) {
  const { name, tags, manifests, updated } = repository
  const params: Record<string, string> = useParams({ strict: false })
  const { tab = '' } = useAddress()
  return (
    <PageBody
      title={name}
      says={
        <>
          {plural(tags, 'tag')}, {plural(manifests, 'manifest')}, last changed <Time at={updated} />
        </>
      }
      actions={
        <>
          <RegionSwitch place={place} />
          <Actions place={place} repository={repository} />
        </>
      }
    >
      <Tabs
        label="Repository"
        params={params}
        tabs={TABS.map(one => ({
          label: one.label,
          to: '/t/$tenant/registries/$name/repository',
          search: { repository: name, ...(one.tab === '' ? {} : { tab: one.tab }), ...inRegion(place) },
          here: one.tab === tab,
        }))}
      />
      {tab === 'manifests' ? (
        <Manifests place={place} repository={name} total={manifests} />
      ) : tab === 'settings' ? (
        <Settings place={place} repository={repository} />
      ) : (
        <Tags place={place} repository={name} total={tags} />
      )}
    </PageBody>
  )
}

function Settings({ place, repository }: { place: Place; repository: Repository }) {
  const { name, created, updated, bytes: size, pulls, pulledAt, attributes } = repository
  return (
    <>
      <Panel title="Facts">
        <Facts
          facts={[
            ['First push', <Time key="created" at={created} exact />],
            ['Last change', <Time key="updated" at={updated} exact />],
            ['Size', bytes(size)],
            ['Pulls', pulls.toLocaleString()],
            ['Last pull', pulledAt === 0 ? 'None yet' : <Time key="pulled" at={pulledAt} />],
          ]}
        />
      </Panel>
      <LockPanel place={place} subject={{ repository: name }} attributes={attributes} />
    </>
  )
}

function Actions({ place, repository }: { place: Place; repository: Repository }) {
  const { name, tags, manifests } = repository
  const params: Record<string, string> = useParams({ strict: false })
  const navigate = useNavigate()
  const queryClient = useQueryClient()
  const [asked, setAsked] = useState(false)
  const deleting = useChange({
    run: () => deleteRepository(place, name),
    says: () => `The repository “${name}” is deleted`,
    finish: () => {
      changeRow(queryClient, place, { repository: name }, () => undefined)
      navigate({ to: '/t/$tenant/registries/$name/repositories', params, search: inRegion(place) as never })
    },
  })
  return (
    <>
      <PageMenu>
        <MenuItem danger onClick={() => setAsked(true)}>
          Delete …
        </MenuItem>
      </PageMenu>
      <Confirm
        open={asked}
        onOpenChange={setAsked}
        title={`Delete the repository “${name}”?`}
        says={`All that it holds goes: ${plural(tags, 'tag')} and ${plural(manifests, 'manifest')}. Whoever pulls from it is refused at once. ${KEPT}`}
        action="Delete"
        change={deleting}
        onConfirm={() => deleting.mutate(undefined)}
      />
    </>
  )
}
