import { useQuery } from '@tanstack/react-query'
import { LockKeyholeOpen } from 'lucide-react'
import type { Lock, Place } from '../../../../src/api/index.ts'
import { locksQuery, unlock } from '../../api/access.ts'
import { useTenant } from '../../app/tenant.ts'
import { useChange } from '../../app/use-change.ts'
import { Button } from '../../ui/button.tsx'
import { Confirm } from '../../ui/dialog.tsx'
import { Loaded } from '../../ui/loaded.tsx'
import { Empty, Panel } from '../../ui/page.tsx'
import { type Column, Table, TableLoading } from '../../ui/table.tsx'
import { useChosen } from '../../ui/use-chosen.ts'
import { placePath } from './place-names.ts'

export function Locks({ places }: { places: readonly Place[] }) {
  const tenant = useTenant()
  const locks = useQuery(locksQuery(tenant.id))
  const opening = useChosen<Lock>()
  const open = useChange({
    run: ({ id }: Lock) => unlock(tenant.id, id),
    says: () => 'The lock is taken away',
    finish: opening.close,
  })
  const where = ({ nodeId }: Lock) => placePath(places, nodeId) || nodeId
  const columns: readonly Column<Lock>[] = [
    { head: 'Where', cell: one => <span className="font-medium">{where(one)}</span> },
    { head: 'Nobody may', cell: ({ kind }) => (kind === 'read-only' ? 'Change it' : 'Delete it') },
    { head: 'Why', wide: true, cell: ({ note }) => note || '–' },
    {
      head: 'Actions',
      quiet: true,
      className: 'w-0',
      cell: one => (
        <Button look="ghost" size="icon" aria-label={`Unlock ${where(one)}`} onClick={() => opening.choose(one)}>
          <LockKeyholeOpen aria-hidden />
        </Button>
      ),
    },
  ]
  return (
    <Panel title="Locks">
      <Loaded query={locks} loading={<TableLoading columns={columns} rows={1} />}>
        {all =>
          all.length === 0 ? (
            <Empty says="Nothing is locked. A lock is set from the menu of a place above." />
          ) : (
            <Table label="Locks" columns={columns} rows={all} keyOf={({ id }) => id} />
          )
        }
      </Loaded>
      <Confirm
        open={opening.open}
        onOpenChange={opening.onOpenChange}
        title={`Unlock ${opening.value ? where(opening.value) : ''}?`}
        says="From the next request on, whoever has a role for it may change and delete there."
        action="Unlock"
        change={open}
        onConfirm={() => opening.value && open.mutate(opening.value)}
      />
    </Panel>
  )
}
