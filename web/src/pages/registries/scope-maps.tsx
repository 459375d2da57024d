import { useQuery } from '@tanstack/react-query'
import { Pencil, Plus, Trash2 } from 'lucide-react'
import { useState } from 'react'
import type { ScopeMap } from '../../../../src/api/index.ts'
import { deleteScopeMap, scopeMapsQuery } from '../../api/registries.ts'
import { useTenant } from '../../app/tenant.ts'
import { useChange } from '../../app/use-change.ts'
import { Badge } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { Confirm } from '../../ui/dialog.tsx'
import { Loaded } from '../../ui/loaded.tsx'
import { Panel } from '../../ui/page.tsx'
import { type Column, Table, TableLoading } from '../../ui/table.tsx'
import { useChosen } from '../../ui/use-chosen.ts'
import { ChangeScopeMap, MakeScopeMap } from './scope-map-forms.tsx'

/** What tokens may do, under names of their own. */
export function ScopeMaps({ registry }: { registry: string }) {
  const scopeMaps = useQuery(scopeMapsQuery(useTenant().id, registry))
  const [making, setMaking] = useState(false)
  const changing = useChosen<ScopeMap>()
  const ending = useChosen<ScopeMap>()
  const end = useChange({
    run: ({ name }: ScopeMap) => deleteScopeMap(registry, name),
    says: ({ name }) => `The scope map “${name}” is deleted`,
    finish: ending.close,
  })
  const columns: readonly Column<ScopeMap>[] = [
    {
      head: 'Scope map',
      cell: ({ name, description }) => (
        <>
          <span className="font-medium">{name}</span>
          {description === '' ? null : <span className="block text-sm text-soft">{description}</span>}
        </>
      ),
    },
    { head: 'Allows', wide: true, cell: ({ actions }) => <Lines lines={actions} /> },
    {
      head: 'Kind',
      cell: ({ type }) => (
        <Badge tone={type === 'SystemDefined' ? 'plain' : 'water'}>
          {type === 'SystemDefined' ? 'Built in' : 'Custom'}
        </Badge>
      ),
    },
    {
      head: 'Actions',
      quiet: true,
      className: 'w-0',
      cell: map =>
        map.type === 'SystemDefined' ? null : (
          <div className="flex">
            <Button look="ghost" size="icon" aria-label={`Change ${map.name}`} onClick={() => changing.choose(map)}>
              <Pencil aria-hidden />
            </Button>
            <Button look="ghost" size="icon" aria-label={`Delete ${map.name}`} onClick={() => ending.choose(map)}>
              <Trash2 aria-hidden />
            </Button>
          </div>
        ),
    },
  ]
  return (
    <Panel
      title="Scope maps"
      actions={
        <Button size="small" onClick={() => setMaking(true)}>
          <Plus aria-hidden />
          New scope map
        </Button>
      }
    >
      <Loaded query={scopeMaps} loading={<TableLoading columns={columns} rows={3} />}>
        {all => <Table label="Scope maps" columns={columns} rows={all} keyOf={({ name }) => name} />}
      </Loaded>
      <MakeScopeMap registry={registry} open={making} onOpenChange={setMaking} />
      {changing.value ? (
        <ChangeScopeMap
          key={changing.value.name}
          registry={registry}
          scopeMap={changing.value}
          open={changing.open}
          onOpenChange={changing.onOpenChange}
        />
      ) : null}
      <Confirm
        open={ending.open}
        onOpenChange={ending.onOpenChange}
        title={`Delete the scope map “${ending.value?.name}”?`}
        says="Only one that no token uses can be deleted. That can't be undone."
        action="Delete"
        change={end}
        onConfirm={() => ending.value && end.mutate(ending.value)}
      />
    </Panel>
  )
}

const MOST_LINES = 4

function Lines({ lines }: { lines: readonly string[] }) {
  const rest = lines.length - MOST_LINES
  return (
    <>
      {lines.slice(0, MOST_LINES).map(line => (
        <code key={line} className="block text-soft">
          {line}
        </code>
      ))}
      {rest > 0 ? <span className="text-sm text-soft">and {rest} more</span> : null}
    </>
  )
}
