import { Plus, Trash2 } from 'lucide-react'
import { useState } from 'react'
import type { Federation, FederationBody, WholePrincipal } from '../../../../src/api/index.ts'
import { addFederation, removeFederation } from '../../api/principals.ts'
import { useTenant } from '../../app/tenant.ts'
import { useChange } from '../../app/use-change.ts'
import { Button } from '../../ui/button.tsx'
import { Confirm } from '../../ui/dialog.tsx'
import { Field, TextInput } from '../../ui/field.tsx'
import { FormDialog, textOf } from '../../ui/form-dialog.tsx'
import { Empty, Panel } from '../../ui/page.tsx'
import { type Column, Table } from '../../ui/table.tsx'
import { useChosen } from '../../ui/use-chosen.ts'

/** By whose tokens it may sign in, with nothing secret anywhere. */
export function Federations({ principal }: { principal: WholePrincipal }) {
  const tenant = useTenant()
  const [adding, setAdding] = useState(false)
  const ending = useChosen<Federation>()
  const add = useChange({
    run: (body: FederationBody) => addFederation(tenant.id, principal.id, body),
    says: () => 'The issuer is trusted',
    finish: () => setAdding(false),
  })
  const end = useChange({
    run: ({ id }: Federation) => removeFederation(tenant.id, principal.id, id),
    says: () => 'The issuer is trusted no more',
    finish: ending.close,
  })
  const columns: readonly Column<Federation>[] = [
    {
      head: 'Subject',
      cell: ({ subject, issuer }) => (
        <>
          <code className="[overflow-wrap:anywhere]">{subject}</code>
          <span className="block text-sm text-soft [overflow-wrap:anywhere]">of {issuer}</span>
        </>
      ),
    },
    {
      head: 'Audience',
      wide: true,
      cell: ({ audience }) => <code className="[overflow-wrap:anywhere]">{audience}</code>,
    },
    {
      head: 'Actions',
      quiet: true,
      className: 'w-0',
      cell: federation => (
        <Button
          look="ghost"
          size="icon"
          aria-label={`Remove federation ${federation.subject}`}
          onClick={() => ending.choose(federation)}
        >
          <Trash2 aria-hidden />
        </Button>
      ),
    },
  ]
  const { federations = [] } = principal
  return (
    <Panel
      title="Federations"
      actions={
        <Button size="small" onClick={() => setAdding(true)}>
          <Plus aria-hidden />
          Trust an issuer
        </Button>
      }
    >
      {federations.length === 0 ? (
        <Empty says="It trusts no issuer, so it can't sign in by tokens of another system, such as GitHub Actions or Kubernetes." />
      ) : (
        <Table label="Federations" columns={columns} rows={federations} keyOf={({ id }) => id} />
      )}
      <FormDialog
        open={adding}
        onOpenChange={setAdding}
        title="Trust an issuer"
        says={`Its tokens for this audience and subject sign “${principal.name}” in. Each is compared letter by letter.`}
        action="Trust"
        change={add}
        read={fields => ({
          issuer: textOf(fields, 'issuer'),
          audience: textOf(fields, 'audience'),
          subject: textOf(fields, 'subject'),
        })}
      >
        <Field label="Issuer" hint="As its tokens say it, such as https://token.actions.githubusercontent.com">
          <TextInput name="issuer" type="url" placeholder="https://" maxLength={500} required />
        </Field>
        <Field label="Subject" hint="Who it is there, such as repo:team/app:environment:production">
          <TextInput name="subject" maxLength={500} required spellCheck={false} />
        </Field>
        <Field label="Audience" hint="Whom the tokens are for, as the issuer was told.">
          <TextInput name="audience" maxLength={500} required spellCheck={false} />
        </Field>
      </FormDialog>
      <Confirm
        open={ending.open}
        onOpenChange={ending.onOpenChange}
        title={`Trust “${ending.value?.subject}” no more?`}
        says="Whatever signed in by its tokens is refused from its next request on. It can be trusted again."
        action="Remove"
        change={end}
        onConfirm={() => ending.value && end.mutate(ending.value)}
      />
    </Panel>
  )
}
