import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Plus } from 'lucide-react'
import { useState } from 'react'
import type { Registry } from '../../../../src/api/index.ts'
import { placesQuery } from '../../api/access.ts'
import { registriesQuery } from '../../api/registries.ts'
import { useTenant } from '../../app/tenant.ts'
import { Badge } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { Loaded } from '../../ui/loaded.tsx'
import { Empty, PageBody, Panel } from '../../ui/page.tsx'
import { type Column, Table, TableLoading } from '../../ui/table.tsx'
import { placePath } from '../access/place-names.ts'
import { MakeRegistry } from './make-registry.tsx'

export function Registries() {
  const tenant = useTenant()
  const registries = useQuery(registriesQuery(tenant.id))
  const { data: places = [] } = useQuery(placesQuery(tenant.id))
  const [making, setMaking] = useState(false)
  const columns: readonly Column<Registry>[] = [
    {
      head: 'Name',
      cell: ({ name }) => (
        <Link
          to="/t/$tenant/registries/$name/repositories"
          params={{ tenant: tenant.name, name }}
          className="font-medium hover:text-water hover:underline"
        >
          {name}
        </Link>
      ),
    },
    { head: 'Hosts', cell: ({ hosts, name }) => <Hosts hosts={hosts} isDefault={name === 'default'} /> },
    { head: 'Where', wide: true, cell: ({ parentId }) => placePath(places, parentId) || '–' },
    {
      head: 'Anonymous pull',
      wide: true,
      cell: ({ anonymousPull }) => (anonymousPull ? <Badge tone="warn">Allowed</Badge> : 'No'),
    },
  ]
  return (
    <PageBody
      title="Registries"
      says="Where images and artifacts of this tenant are pushed to and pulled from."
      actions={
        <Button look="primary" onClick={() => setMaking(true)}>
          <Plus aria-hidden />
          New registry
        </Button>
      }
    >
      <Panel>
        <Loaded query={registries} loading={<TableLoading columns={columns} rows={2} />}>
          {all =>
            all.length === 0 ? (
              <Empty says="There is no registry in this tenant that you may see." />
            ) : (
              <Table label="Registries" columns={columns} rows={all} keyOf={({ id }) => id} />
            )
          }
        </Loaded>
      </Panel>
      <MakeRegistry open={making} onOpenChange={setMaking} places={places} />
    </PageBody>
  )
}

export function Hosts({ hosts, isDefault }: { hosts: readonly string[]; isDefault: boolean }) {
  if (hosts.length > 0) return <code>{hosts.join(', ')}</code>
  return <span className="text-soft">{isDefault ? 'All that no other has' : 'None yet'}</span>
}
