import { useInfiniteQuery } from '@tanstack/react-query'
import { Plus } from 'lucide-react'
import { useState } from 'react'
import type { Import } from '../../../../src/api/index.ts'
import { cancelImport, importsQuery, isUnderWay } from '../../api/imports.ts'
import { useChange } from '../../app/use-change.ts'
import { Badge, type Tone } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { Confirm } from '../../ui/dialog.tsx'
import { Loaded } from '../../ui/loaded.tsx'
import { Empty, Panel } from '../../ui/page.tsx'
import { ShowMore } from '../../ui/show-more.tsx'
import { type Column, Table, TableLoading } from '../../ui/table.tsx'
import { Time } from '../../ui/time.tsx'
import { useChosen } from '../../ui/use-chosen.ts'
import { ImportPanel } from './import-panel.tsx'
import { ImportProgress } from './import-progress.tsx'
import { MakeImport } from './make-import.tsx'
import { RegionSwitch, RegistryFrame } from './registry-frame.tsx'
import { usePlace } from './use-place.ts'

const STATES: Record<Import['state'], readonly [tone: Tone, words: string]> = {
  waiting: ['plain', 'Waiting'],
  running: ['water', 'Running'],
  succeeded: ['good', 'Done'],
  failed: ['danger', 'Failed'],
  canceled: ['warn', 'Canceled'],
}

/** What is or was taken over from other registries. */
export function Imports() {
  const place = usePlace()
  const query = useInfiniteQuery(importsQuery(place))
  const rows = query.data?.pages.flatMap(page => page.imports) ?? []
  const [making, setMaking] = useState(false)
  const looking = useChosen<string>()
  const ending = useChosen<Import>()
  const canceling = useChange({
    run: ({ id }: Import) => cancelImport(place, id),
    says: ({ source }) => `The import of ${source} is canceled`,
    finish: ending.close,
  })
  const columns: readonly Column<Import>[] = [
    {
      head: 'From',
      cell: one => (
        <button
          type="button"
          className="rounded text-left font-medium break-all hover:text-water hover:underline"
          onClick={() => looking.choose(one.id)}
        >
          {one.source}
        </button>
      ),
    },
    { head: 'To', wide: true, cell: ({ repository }) => <span className="break-all">{repository}</span> },
    {
      head: 'State',
      cell: one => {
        const [tone, words] = STATES[one.state]
        return one.state === 'running' ? <ImportProgress of={one} /> : <Badge tone={tone}>{words}</Badge>
      },
    },
    { head: 'Begun', wide: true, cell: ({ createdAt }) => <Time at={createdAt} /> },
    {
      head: 'Actions',
      quiet: true,
      className: 'w-0',
      cell: one =>
        isUnderWay(one) ? (
          <Button look="ghost" size="small" onClick={() => ending.choose(one)}>
            Cancel
          </Button>
        ) : null,
    },
  ]
  return (
    <RegistryFrame actions={<RegionSwitch place={place} />}>
      <Panel
        title="Imports"
        actions={
          <Button size="small" onClick={() => setMaking(true)}>
            <Plus aria-hidden />
            New import
          </Button>
        }
      >
        <Loaded query={query} loading={<TableLoading columns={columns} rows={3} />}>
          {() =>
            rows.length === 0 ? (
              <Empty says="Nothing was imported yet. An import copies an image, or all tags of a repository, from another registry." />
            ) : (
              <Table label="Imports" columns={columns} rows={rows} keyOf={({ id }) => id} />
            )
          }
        </Loaded>
        <ShowMore query={query} label="Show older" />
      </Panel>
      <MakeImport place={place} open={making} onOpenChange={setMaking} />
      <ImportPanel
        one={rows.find(({ id }) => id === looking.value)}
        open={looking.open}
        onOpenChange={looking.onOpenChange}
      />
      <Confirm
        open={ending.open}
        onOpenChange={ending.onOpenChange}
        title={`Cancel the import of ${ending.value?.source}?`}
        says="What has come already stays; the rest does not come."
        action="Cancel the import"
        change={canceling}
        onConfirm={() => ending.value && canceling.mutate(ending.value)}
      />
    </RegistryFrame>
  )
}
