import { useQuery } from '@tanstack/react-query'
import { Plus } from 'lucide-react'
import { useState } from 'react'
import type { Policy } from '../../../../src/api/index.ts'
import { policiesQuery } from '../../api/policies.ts'
import { Button } from '../../ui/button.tsx'
import { EnabledBadge } from '../../ui/enabled-badge.tsx'
import { Loaded } from '../../ui/loaded.tsx'
import { Empty, Panel } from '../../ui/page.tsx'
import { type Column, Table, TableLoading } from '../../ui/table.tsx'
import { RegistryFrame } from '../content/registry-frame.tsx'
import { usePlace } from '../content/use-place.ts'
import { wordsOf } from './kinds/kinds.ts'
import { MakePolicy } from './policy-form.tsx'
import { PolicyMenu } from './policy-menu.tsx'

/** What a registry keeps and for how long, and what it refuses. */
export function Policies() {
  const { tenant, registry } = usePlace()
  const policies = useQuery(policiesQuery(tenant, registry))
  const [making, setMaking] = useState(false)
  const columns: readonly Column<Policy>[] = [
    {
      head: 'Name',
      cell: ({ name, status }) => (
        <>
          <span className="font-medium">{name}</span>
          {status === 'disabled' ? <span className="block text-warn md:hidden">Disabled</span> : null}
        </>
      ),
    },
    { head: 'What it does', cell: wordsOf },
    { head: 'Repositories', wide: true, cell: ({ repositories }) => <code>{repositories}</code> },
    {
      head: 'State',
      wide: true,
      cell: ({ status }) => <EnabledBadge enabled={status === 'enabled'} />,
    },
    {
      head: 'Actions',
      quiet: true,
      className: 'w-0',
      cell: policy => <PolicyMenu registry={registry} policy={policy} />,
    },
  ]
  return (
    <RegistryFrame>
      <Panel
        title="Policies"
        actions={
          <Button size="small" onClick={() => setMaking(true)}>
            <Plus aria-hidden />
            New policy
          </Button>
        }
      >
        <Loaded query={policies} loading={<TableLoading columns={columns} rows={2} />}>
          {all =>
            all.length === 0 ? (
              <Empty says="No policies yet: everything stays until somebody deletes it, and any tag may move." />
            ) : (
              <Table label="Policies" columns={columns} rows={all} keyOf={({ id }) => id} />
            )
          }
        </Loaded>
      </Panel>
      <MakePolicy registry={registry} open={making} onOpenChange={setMaking} />
    </RegistryFrame>
  )
}
