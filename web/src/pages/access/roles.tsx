import { useQuery } from '@tanstack/react-query'
import { Plus, Trash2 } from 'lucide-react'
import { useState } from 'react'
import type { Role } from '../../../../src/api/index.ts'
import { deleteRole, rolesQuery } from '../../api/access.ts'
import { useTenant } from '../../app/tenant.ts'
import { useChange } from '../../app/use-change.ts'
import { Badge } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { Confirm, Dialog } from '../../ui/dialog.tsx'
import { Loaded } from '../../ui/loaded.tsx'
import { PageBody, Panel } from '../../ui/page.tsx'
import { type Column, Table, TableLoading } from '../../ui/table.tsx'
import { useChosen } from '../../ui/use-chosen.ts'
import { MakeRole } from './make-role.tsx'

export function Roles() {
  const tenant = useTenant()
  const roles = useQuery(rolesQuery(tenant.id))
  const [making, setMaking] = useState(false)
  const looking = useChosen<Role>()
  const ending = useChosen<Role>()
  const end = useChange({
    run: ({ id }: Role) => deleteRole(tenant.id, id),
    says: ({ name }) => `The role “${name}” is deleted`,
    finish: ending.close,
  })
  const columns: readonly Column<Role>[] = [
    {
      head: 'Role',
      className: 'whitespace-nowrap',
      cell: role => (
        <button
          type="button"
          className="rounded text-left font-medium hover:text-water hover:underline"
          onClick={() => looking.choose(role)}
        >
          {role.name}
        </button>
      ),
    },
    { head: 'What for', wide: true, cell: ({ description }) => <span className="text-soft">{description}</span> },
    {
      head: 'Kind',
      cell: ({ builtIn }) => <Badge tone={builtIn ? 'plain' : 'water'}>{builtIn ? 'Built in' : 'Custom'}</Badge>,
    },
    {
      head: 'Actions',
      quiet: true,
      className: 'w-0',
      cell: role =>
        role.builtIn ? null : (
          <Button look="ghost" size="icon" aria-label={`Delete ${role.name}`} onClick={() => ending.choose(role)}>
            <Trash2 aria-hidden />
          </Button>
        ),
    },
  ]
  return (
    <PageBody
      title="Roles"
      says="What can be given to somebody: the built-in ones, which answer to Azure’s ids, and this tenant’s own."
      actions={
        <Button look="primary" onClick={() => setMaking(true)}>
          <Plus aria-hidden />
          New role
        </Button>
      }
    >
      <Panel>
        <Loaded query={roles} loading={<TableLoading columns={columns} rows={13} />}>
          {data => <Table label="Roles" columns={columns} rows={data.roles} keyOf={({ id }) => id} />}
        </Loaded>
      </Panel>
      <MakeRole open={making} onOpenChange={setMaking} actions={roles.data?.actions ?? []} />
      <Dialog
        open={looking.open}
        onOpenChange={looking.onOpenChange}
        title={looking.value?.name ?? ''}
        says={looking.value?.description}
        wide
      >
        {looking.value ? <RoleFacts role={looking.value} /> : null}
      </Dialog>
      <Confirm
        open={ending.open}
        onOpenChange={ending.onOpenChange}
        title={`Delete the role “${ending.value?.name}”?`}
        says="Only a role that nobody has can be deleted. That can't be undone."
        action="Delete"
        change={end}
        onConfirm={() => ending.value && end.mutate(ending.value)}
      />
    </PageBody>
  )
}

function RoleFacts({ role }: { role: Role }) {
  const { actions, notActions, dataActions, id, azureId } = role
  return (
    <div className="flex flex-col gap-4 pt-2">
      <Patterns title="Allows" patterns={actions} />
      <Patterns title="But not" patterns={notActions} />
      <Patterns title="Allows on what resources hold" patterns={dataActions} />
      <p className="text-soft">
        Id <code>{id}</code>
        {azureId === undefined ? null : (
          <>
            , in Azure’s templates <code>{azureId}</code>
          </>
        )}
      </p>
    </div>
  )
}

function Patterns({ title, patterns }: { title: string; patterns: readonly string[] }) {
  if (patterns.length === 0) return null
  return (
    <section>
      <h3 className="font-medium">{title}</h3>
      <ul className="mt-1 flex flex-wrap gap-1.5">
        {patterns.map(pattern => (
          <li key={pattern} className="rounded border border-line bg-sunk px-1.5 py-0.5">
            <code>{pattern === '*' ? '* (everything)' : pattern}</code>
          </li>
        ))}
      </ul>
    </section>
  )
}
