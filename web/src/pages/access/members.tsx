import { useQuery } from '@tanstack/react-query'
import { Plus, X } from 'lucide-react'
import { useState } from 'react'
import type { Principal, WholePrincipal } from '../../../../src/api/index.ts'
import { addMember, principalsQuery, removeMember } from '../../api/principals.ts'
import { useTenant } from '../../app/tenant.ts'
import { useChange } from '../../app/use-change.ts'
import { Button } from '../../ui/button.tsx'
import { Confirm } from '../../ui/dialog.tsx'
import { FormDialog, textOf } from '../../ui/form-dialog.tsx'
import { Empty, Panel } from '../../ui/page.tsx'
import { Picker } from '../../ui/picker.tsx'
import { type Column, Table } from '../../ui/table.tsx'
import { useChosen } from '../../ui/use-chosen.ts'
import { KINDS } from './principal-kinds.ts'

/** Who is in a group: they have what it has. */
export function Members({ group }: { group: WholePrincipal }) {
  const tenant = useTenant()
  const { data: all = [] } = useQuery(principalsQuery(tenant.id))
  const [adding, setAdding] = useState(false)
  const leaving = useChosen<Principal>()
  const add = useChange({
    run: (id: string) => addMember(tenant.id, group.id, id),
    finish: () => setAdding(false),
  })
  const remove = useChange({
    run: ({ id }: Principal) => removeMember(tenant.id, group.id, id),
    says: ({ name }) => `“${name}” is out of “${group.name}”`,
    finish: leaving.close,
  })
  const held = new Set(group.members)
  const members = all.filter(({ id }) => held.has(id))
  const others = all.filter(({ id }) => id !== group.id && !held.has(id))
  const columns: readonly Column<Principal>[] = [
    { head: 'Name', cell: ({ name }) => <span className="font-medium">{name}</span> },
    { head: 'Kind', cell: ({ kind }) => KINDS[kind].label },
    {
      head: 'Actions',
      quiet: true,
      className: 'w-0',
      cell: member => (
        <Button look="ghost" size="icon" aria-label={`Take ${member.name} out`} onClick={() => leaving.choose(member)}>
          <X aria-hidden />
        </Button>
      ),
    },
  ]
  return (
    <Panel
      title="Members"
      actions={
        <Button size="small" onClick={() => setAdding(true)}>
          <Plus aria-hidden />
          Add member
        </Button>
      }
    >
      {members.length === 0 ? (
        <Empty says="Nobody is in this group yet." />
      ) : (
        <Table label="Members" columns={columns} rows={members} keyOf={({ id }) => id} />
      )}
      <FormDialog
        open={adding}
        onOpenChange={setAdding}
        title={`Add to “${group.name}”`}
        says="From its next request on it has every role that this group has."
        action="Add"
        change={add}
        read={fields => textOf(fields, 'member') || undefined}
      >
        <Picker
          label="Principal"
          name="member"
          required
          choices={others.map(({ id, name, kind }) => ({ value: id, label: name, hint: KINDS[kind].label }))}
        />
      </FormDialog>
      <Confirm
        open={leaving.open}
        onOpenChange={leaving.onOpenChange}
        title={`Take “${leaving.value?.name}” out of “${group.name}”?`}
        says="From its next request on it has the roles of this group no more. Roles of its own stay."
        action="Take out"
        change={remove}
        onConfirm={() => leaving.value && remove.mutate(leaving.value)}
      />
    </Panel>
  )
}
