import { useQuery } from '@tanstack/react-query'
import { Trash2 } from 'lucide-react'
import { delegableRolesQuery } from '../../api/delegation.ts'
import type { Problem } from '../../api/problem.ts'
import { Button } from '../../ui/button.tsx'
import { Check, Field, Select } from '../../ui/field.tsx'
import { type Choice, Picker } from '../../ui/picker.tsx'
import { ProblemNote } from '../../ui/problem-note.tsx'

export const ACCESS_ADMINISTRATOR = 'rol_user_access_administrator'

/** One authorization, while it is being written. */
export type GrantDraft = { readonly key: number; readonly roleId: string; readonly delegated: readonly string[] }

type Props = {
  grant: GrantDraft
  /** Of the whole offer, from 1. */
  number: number
  principals: readonly Choice[]
  problem: Problem | undefined
  onChange: (grant: GrantDraft) => void
  /** Undefined where it is the only one. */
  onRemove: (() => void) | undefined
}

export function GrantRow({ grant, number, principals, problem, onChange, onRemove }: Props) {
  const { data: roles = [] } = useQuery(delegableRolesQuery)
  const { key, roleId } = grant
  const options = [
    { value: '', label: 'Choose a role' },
    ...roles.map(({ id, name }) => ({ value: id, label: name })),
    { value: ACCESS_ADMINISTRATOR, label: 'User Access Administrator' },
  ]
  return (
    <fieldset className="border-t border-line px-4 py-4 max-sm:px-3 first-of-type:border-t-0">
      <legend className="sr-only">Authorization {number}</legend>
      <div className="flex items-start gap-3">
        <div className="grid min-w-0 flex-1 gap-4 sm:grid-cols-2">
          <Picker
            label="Who of this tenant"
            name={`principal-${key}`}
            required
            placeholder="Type a name"
            choices={principals}
          />
          <Field label="Role" hint={roles.find(({ id }) => id === roleId)?.description}>
            <Select
              name={`role-${key}`}
              required
              value={roleId}
              options={options}
              onChange={event => onChange({ ...grant, roleId: event.target.value })}
            />
          </Field>
        </div>
        <Button
          look="ghost"
          size="icon"
          className="mt-6.5"
          aria-label={`Remove authorization ${number}`}
          disabled={onRemove === undefined}
          onClick={onRemove}
        >
          <Trash2 aria-hidden />
        </Button>
      </div>
      {roleId === ACCESS_ADMINISTRATOR ? <DelegatedRoles grant={grant} onChange={onChange} /> : null}
      {problem ? <ProblemNote problem={problem} className="mt-4" /> : null}
    </fieldset>
  )
}

/** `delegatedRoleDefinitionIds`: what User Access Administrator is good for in another tenant. */
function DelegatedRoles({ grant, onChange }: Pick<Props, 'grant' | 'onChange'>) {
  const { data: roles = [] } = useQuery(delegableRolesQuery)
  const toggle = (id: string, on: boolean) =>
    onChange({ ...grant, delegated: on ? [...grant.delegated, id] : grant.delegated.filter(one => one !== id) })
  return (
    <fieldset className="mt-4 rounded-md border border-line bg-sunk px-4 py-3 max-sm:px-3">
      <legend className="sr-only">Roles that may be given</legend>
      <p aria-hidden className="font-medium">
        Roles that may be given
      </p>
      <p className="mt-0.5 max-w-prose text-sm text-soft">
        In another tenant, User Access Administrator gives the roles ticked here, to managed identities of the customer
        and to agents of this tenant, and nothing else. An agent is set to work by it. In the file they are the{' '}
        <code>delegatedRoleDefinitionIds</code>; without any, the offer is refused.
      </p>
      <div className="mt-3 grid gap-x-6 gap-y-2 sm:grid-cols-2">
        {roles.map(({ id, name, description }) => (
          <Check
            key={id}
            label={name}
            hint={description}
            checked={grant.delegated.includes(id)}
            onChange={event => toggle(id, event.target.checked)}
          />
        ))}
      </div>
    </fieldset>
  )
}
