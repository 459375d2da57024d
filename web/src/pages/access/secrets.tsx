import { Plus, Trash2 } from 'lucide-react'
import { useState } from 'react'
import type { NewSecret, WholePrincipal } from '../../../../src/api/index.ts'
import { deleteSecret, makeSecret } from '../../api/principals.ts'
import { useTenant } from '../../app/tenant.ts'
import { useChange } from '../../app/use-change.ts'
import { Button } from '../../ui/button.tsx'
import { Confirm } from '../../ui/dialog.tsx'
import { Field, TextInput } from '../../ui/field.tsx'
import { FormDialog } from '../../ui/form-dialog.tsx'
import { Empty, Panel } from '../../ui/page.tsx'
import { SecretOnce } from '../../ui/secret-once.tsx'
import { type Column, Table } from '../../ui/table.tsx'
import { Time } from '../../ui/time.tsx'
import { useChosen } from '../../ui/use-chosen.ts'
import { Expiry } from './expiry.tsx'

type Secret = WholePrincipal['secrets'][number]

/** What it proves itself with: never shown again, but its age is. */
export function Secrets({ principal }: { principal: WholePrincipal }) {
  const tenant = useTenant()
  const [making, setMaking] = useState(false)
  const [made, setMade] = useState<NewSecret>()
  const ending = useChosen<Secret>()
  const make = useChange({
    run: (days: number) => makeSecret(tenant.id, principal.id, days),
    finish: secret => {
      setMaking(false)
      setMade(secret)
    },
  })
  const end = useChange({
    run: ({ id }: Secret) => deleteSecret(tenant.id, principal.id, id),
    says: () => 'The secret is deleted',
    finish: ending.close,
  })
  const columns: readonly Column<Secret>[] = [
    { head: 'Secret', cell: ({ id }) => <code>{id}</code> },
    { head: 'Made', wide: true, cell: ({ createdAt }) => <Time at={createdAt} /> },
    { head: 'Expires', cell: ({ expiresAt }) => <Expiry at={expiresAt} /> },
    {
      head: 'Actions',
      quiet: true,
      className: 'w-0',
      cell: secret => (
        <Button
          look="ghost"
          size="icon"
          aria-label={`Delete secret ${secret.id}`}
          onClick={() => ending.choose(secret)}
        >
          <Trash2 aria-hidden />
        </Button>
      ),
    },
  ]
  return (
    <Panel
      title="Secrets"
      actions={
        <Button size="small" onClick={() => setMaking(true)}>
          <Plus aria-hidden />
          New secret
        </Button>
      }
    >
      {principal.secrets.length === 0 ? (
        <Empty says="It has no secret, so it can't sign in by one." />
      ) : (
        <Table label="Secrets" columns={columns} rows={principal.secrets} keyOf={({ id }) => id} />
      )}
      <FormDialog
        open={making}
        onOpenChange={setMaking}
        title="New secret"
        says={`For “${principal.name}”. Others that it has keep working.`}
        action="Create"
        change={make}
        read={fields => Number(fields.get('days'))}
      >
        <Field label="Days until it expires" hint="At most 730.">
          <TextInput name="days" type="number" min={1} max={730} defaultValue={90} required />
        </Field>
      </FormDialog>
      <SecretOnce
        title="The new secret"
        lines={
          made && [
            { label: 'Client id', value: made.clientId },
            { label: 'Secret', value: made.secret },
          ]
        }
        onDone={() => setMade(undefined)}
      />
      <Confirm
        open={ending.open}
        onOpenChange={ending.onOpenChange}
        title="Delete this secret?"
        says="Whatever signs in by it is refused from its next request on. That can't be undone."
        action="Delete"
        change={end}
        onConfirm={() => ending.value && end.mutate(ending.value)}
      />
    </Panel>
  )
}
