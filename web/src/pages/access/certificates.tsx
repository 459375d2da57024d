import { Plus, Trash2 } from 'lucide-react'
import { useState } from 'react'
import type { Certificate, WholePrincipal } from '../../../../src/api/index.ts'
import { addCertificate, removeCertificate } from '../../api/principals.ts'
import { useTenant } from '../../app/tenant.ts'
import { useChange } from '../../app/use-change.ts'
import { Button } from '../../ui/button.tsx'
import { Confirm } from '../../ui/dialog.tsx'
import { Field, TextArea } from '../../ui/field.tsx'
import { FormDialog, textOf } from '../../ui/form-dialog.tsx'
import { Empty, Panel } from '../../ui/page.tsx'
import { type Column, Table } from '../../ui/table.tsx'
import { useChosen } from '../../ui/use-chosen.ts'
import { Expiry } from './expiry.tsx'

/** Whose key it may prove itself with; the key itself never comes here. */
export function Certificates({ principal }: { principal: WholePrincipal }) {
  const tenant = useTenant()
  const [adding, setAdding] = useState(false)
  const ending = useChosen<Certificate>()
  const add = useChange({
    run: (certificate: string) => addCertificate(tenant.id, principal.id, certificate),
    says: () => 'The certificate is added',
    finish: () => setAdding(false),
  })
  const end = useChange({
    run: ({ id }: Certificate) => removeCertificate(tenant.id, principal.id, id),
    says: () => 'The certificate is removed',
    finish: ending.close,
  })
  const columns: readonly Column<Certificate>[] = [
    {
      head: 'Certificate',
      cell: ({ subject, thumbprint }) => (
        <>
          <span className="[overflow-wrap:anywhere]">{subject}</span>
          <code className="block text-soft [overflow-wrap:anywhere]">{thumbprint}</code>
        </>
      ),
    },
    { head: 'Expires', cell: ({ notAfter }) => <Expiry at={notAfter} /> },
    {
      head: 'Actions',
      quiet: true,
      className: 'w-0',
      cell: certificate => (
        <Button
          look="ghost"
          size="icon"
          aria-label={`Remove certificate ${certificate.subject}`}
          onClick={() => ending.choose(certificate)}
        >
          <Trash2 aria-hidden />
        </Button>
      ),
    },
  ]
  const { certificates = [] } = principal
  return (
    <Panel
      title="Certificates"
      actions={
        <Button size="small" onClick={() => setAdding(true)}>
          <Plus aria-hidden />
          Add a certificate
        </Button>
      }
    >
      {certificates.length === 0 ? (
        <Empty says="It has no certificate, so it can't sign in by the key of one." />
      ) : (
        <Table label="Certificates" columns={columns} rows={certificates} keyOf={({ id }) => id} />
      )}
      <FormDialog
        open={adding}
        onOpenChange={setAdding}
        title="Add a certificate"
        says={`“${principal.name}” then signs in by assertions that the certificate's key signed. The key stays where it is.`}
        action="Add"
        change={add}
        read={fields => textOf(fields, 'certificate')}
        wide
      >
        <Field label="Certificate" hint="One, in PEM. Chains and private keys are refused.">
          <TextArea
            name="certificate"
            required
            rows={9}
            maxLength={16 * 1024}
            spellCheck={false}
            placeholder="-----BEGIN CERTIFICATE-----"
            className="font-mono"
          />
        </Field>
      </FormDialog>
      <Confirm
        open={ending.open}
        onOpenChange={ending.onOpenChange}
        title="Remove this certificate?"
        says="Whatever signed in by it is refused from its next request on. It can be added again."
        action="Remove"
        change={end}
        onConfirm={() => ending.value && end.mutate(ending.value)}
      />
    </Panel>
  )
}
