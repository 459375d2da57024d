import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Plus } from 'lucide-react'
import { useState } from 'react'
import type { Principal } from '../../../../src/api/index.ts'
import { principalsQuery } from '../../api/principals.ts'
import { useTenant } from '../../app/tenant.ts'
import { Button } from '../../ui/button.tsx'
import { EnabledBadge } from '../../ui/enabled-badge.tsx'
import { Loaded } from '../../ui/loaded.tsx'
import { RowMenu } from '../../ui/menu.tsx'
import { Empty, PageBody, Panel } from '../../ui/page.tsx'
import { matches, SearchBox } from '../../ui/search-box.tsx'
import { type Column, Table, TableLoading } from '../../ui/table.tsx'
import { Time } from '../../ui/time.tsx'
import { MakePrincipal } from './make-principal.tsx'
import { PrincipalActions } from './principal-actions.tsx'
import { KINDS } from './principal-kinds.ts'

export function Principals() {
  const tenant = useTenant()
  const principals = useQuery(principalsQuery(tenant.id))
  const [wanted, setWanted] = useState('')
  const [making, setMaking] = useState(false)
  const columns: readonly Column<Principal>[] = [
    { head: 'Name', cell: principal => <Name principal={principal} tenant={tenant.name} /> },
    { head: 'Kind', wide: true, cell: ({ kind }) => KINDS[kind].label },
    {
      head: 'State',
      cell: ({ enabled }) => <EnabledBadge enabled={enabled} />,
    },
    { head: 'Made', wide: true, cell: ({ createdAt }) => <Time at={createdAt} /> },
    {
      head: 'Actions',
      quiet: true,
      className: 'w-0',
      cell: principal => (
        <PrincipalActions principal={principal}>
          {items => <RowMenu name={principal.name}>{items}</RowMenu>}
        </PrincipalActions>
      ),
    },
  ]
  return (
    <PageBody
      title="Principals"
      says="Who there is in this tenant: people, groups, programs and agents."
      actions={
        <Button look="primary" onClick={() => setMaking(true)}>
          <Plus aria-hidden />
          New principal
        </Button>
      }
    >
      <div className="mb-3">
        <SearchBox label="Find a principal" value={wanted} onChange={setWanted} />
      </div>
      <Panel>
        <Loaded query={principals} loading={<TableLoading columns={columns} />}>
          {all => {
            const found = all.filter(({ name, id, kind }) => matches(wanted, name, id, KINDS[kind].label))
            if (found.length > 0)
              return <Table label="Principals" columns={columns} rows={found} keyOf={({ id }) => id} />
            return (
              <Empty
                says={all.length === 0 ? 'There is nobody in this tenant yet.' : `Nobody is called “${wanted}”.`}
              />
            )
          }}
        </Loaded>
      </Panel>
      <MakePrincipal open={making} onOpenChange={setMaking} />
    </PageBody>
  )
}

function Name({ principal: { id, kind, name }, tenant }: { principal: Principal; tenant: string }) {
  const { icon: Icon, label } = KINDS[kind]
  return (
    <Link
      to="/t/$tenant/access/principals/$id"
      params={{ tenant, id }}
      className="inline-flex items-center align-middle gap-2.5 font-medium text-ink hover:text-water hover:underline"
    >
      <Icon aria-hidden className="size-4 shrink-0 text-soft" />
      <span>
        {name}
        <span className="sr-only">, {label}</span>
      </span>
    </Link>
  )
}
