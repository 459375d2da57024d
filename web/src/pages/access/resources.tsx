import { useQuery } from '@tanstack/react-query'
import { Plus } from 'lucide-react'
import { useState } from 'react'
import type { Lock, Place } from '../../../../src/api/index.ts'
import { locksQuery, placesQuery } from '../../api/access.ts'
import { useTenant } from '../../app/tenant.ts'
import { Button } from '../../ui/button.tsx'
import { Loaded } from '../../ui/loaded.tsx'
import { PageBody, Panel } from '../../ui/page.tsx'
import { type Column, Table, TableLoading } from '../../ui/table.tsx'
import { Locks } from './locks.tsx'
import { MakeGroup } from './make-group.tsx'
import { PlaceMenu } from './place-menu.tsx'
import { PlaceName } from './place-name.tsx'
import { kindWord } from './place-names.ts'

type Row = { place: Place; depth: number }

/** The tenant as a tree: groups, what lies in them, and what is locked. */
export function Resources() {
  const tenant = useTenant()
  const places = useQuery(placesQuery(tenant.id))
  const locks = useQuery(locksQuery(tenant.id))
  const [making, setMaking] = useState(false)
  const columns = columnsOf(places.data ?? [], locks.data ?? [])
  return (
    <PageBody
      title="Groups and resources"
      says="A role or a lock at a place holds for all that lies in it."
      actions={
        <Button look="primary" onClick={() => setMaking(true)}>
          <Plus aria-hidden />
          New group
        </Button>
      }
    >
      <Panel>
        <Loaded query={places} loading={<TableLoading columns={columns} />}>
          {all => (
            <Table label="Groups and resources" columns={columns} rows={inOrder(all)} keyOf={({ place }) => place.id} />
          )}
        </Loaded>
      </Panel>
      <Locks places={places.data ?? []} />
      <MakeGroup open={making} onOpenChange={setMaking} places={places.data ?? []} />
    </PageBody>
  )
}

function columnsOf(places: readonly Place[], locks: readonly Lock[]): readonly Column<Row>[] {
  return [
    {
      head: 'Name',
      cell: ({ place, depth }) => (
        <PlaceName place={place} depth={depth} locked={locks.some(({ nodeId }) => nodeId === place.id)} />
      ),
    },
    { head: 'Kind', cell: ({ place }) => kindWord(place.kind) },
    { head: 'Scope', wide: true, cell: ({ place }) => <code className="text-soft">{place.scope}</code> },
    {
      head: 'Actions',
      quiet: true,
      className: 'w-0',
      cell: ({ place }) => <PlaceMenu place={place} places={places} />,
    },
  ]
}

/** Each under what it lies in. What lies in something that one may not see stands at the top. */
function inOrder(places: readonly Place[]): Row[] {
  const ids = new Set(places.map(({ id }) => id))
  const rows: Row[] = []
  const add = (parentId: string, depth: number) => {
    for (const place of places.filter(one => one.parentId === parentId)) {
      rows.push({ place, depth })
      add(place.id, depth + 1)
    }
  }
  for (const place of places.filter(({ parentId }) => !ids.has(parentId))) {
    rows.push({ place, depth: 0 })
    add(place.id, 1)
  }
  return rows
}
