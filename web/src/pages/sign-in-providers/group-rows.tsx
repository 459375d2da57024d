import { useQuery } from '@tanstack/react-query'
import { Plus, Trash2 } from 'lucide-react'
import { useState } from 'react'
import type { SignInProvider } from '../../../../src/api/index.ts'
import { principalsQuery } from '../../api/principals.ts'
import { useTenant } from '../../app/tenant.ts'
import { Button } from '../../ui/button.tsx'
import { Field, Select, TextInput } from '../../ui/field.tsx'

type Groups = SignInProvider['groups']

const MOST = 200

/** Which value of the claim puts somebody into which group, from sign-in to sign-in. */
export function GroupRows({ initial }: { initial: Groups }) {
  const [rows, setRows] = useState(() => initial.map((group, at) => ({ ...group, key: String(at) })))
  const tenant = useTenant()
  const { data: principals = [] } = useQuery(principalsQuery(tenant.id))
  const groups = principals.filter(({ kind }) => kind === 'group')
  const known = (id: string) => groups.some(group => group.id === id)
  return (
    <fieldset>
      <legend className="font-medium">Groups</legend>
      <p className="text-sm text-soft">
        Who has the value in the groups claim is in the group, as long as the provider says so at each sign-in.
      </p>
      <ul className="mt-2 flex flex-col gap-3">
        {rows.map(({ key, value, groupId }) => (
          <li key={key} className="grid grid-cols-[minmax(0,1fr)_minmax(0,1fr)_auto] items-end gap-2">
            <Field label="Value">
              <TextInput name="groupValue" defaultValue={value} maxLength={300} required spellCheck={false} />
            </Field>
            <Field label="Group">
              <Select
                name="groupId"
                defaultValue={groupId}
                required
                options={[
                  { value: '', label: 'Choose one' },
                  ...groups.map(({ id, name }) => ({ value: id, label: name })),
                  ...(groupId === '' || known(groupId) ? [] : [{ value: groupId, label: groupId }]),
                ]}
              />
            </Field>
            <Button
              look="ghost"
              size="icon"
              aria-label="Without this value"
              onClick={() => setRows(rows.filter(row => row.key !== key))}
            >
              <Trash2 aria-hidden />
            </Button>
          </li>
        ))}
      </ul>
      <Button
        size="small"
        className="mt-3"
        disabled={rows.length >= MOST}
        onClick={() => setRows([...rows, { key: crypto.randomUUID(), value: '', groupId: '' }])}
      >
        <Plus aria-hidden />
        Add a value
      </Button>
    </fieldset>
  )
}

export function groupsOf(fields: FormData): Groups {
  const ids = fields.getAll('groupId').map(String)
  return fields.getAll('groupValue').map((value, at) => ({ value: String(value).trim(), groupId: ids[at] ?? '' }))
}
