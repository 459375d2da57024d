import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { Plus } from 'lucide-react'
import { type FormEvent, useRef, useState } from 'react'
import type { OfferBody } from '../../../../src/api/index.ts'
import { makeOffer } from '../../api/delegation.ts'
import { principalsQuery } from '../../api/principals.ts'
import { useTenant } from '../../app/tenant.ts'
import { useChange } from '../../app/use-change.ts'
import { BackLink } from '../../ui/back-link.tsx'
import { Button, buttonLook } from '../../ui/button.tsx'
import { Field, Select, TextArea, TextInput } from '../../ui/field.tsx'
import { textOf } from '../../ui/form-dialog.tsx'
import { PageBody, Panel } from '../../ui/page.tsx'
import { ProblemNote } from '../../ui/problem-note.tsx'
import { KINDS } from '../access/principal-kinds.ts'
import { ACCESS_ADMINISTRATOR, type GrantDraft, GrantRow } from './grant-row.tsx'
import { onPage } from './words.ts'

type ScopeKind = NonNullable<OfferBody['scope']>['kind']

const PLACES: readonly { value: ScopeKind; label: string }[] = [
  { value: 'tenant', label: 'The whole tenant' },
  { value: 'group', label: 'One group' },
  { value: 'resource', label: 'One resource' },
]

/** The managing tenant says who of it shall do what, before any customer is asked. */
export function NewOffer() {
  const tenant = useTenant()
  const navigate = useNavigate()
  const principals = useQuery(principalsQuery(tenant.id))
  const [place, setPlace] = useState<ScopeKind>('tenant')
  const [grants, setGrants] = useState<readonly GrantDraft[]>([{ key: 0, roleId: '', delegated: [] }])
  const next = useRef(1)
  const making = useChange({
    run: (body: OfferBody) => makeOffer(tenant.id, body),
    says: ({ name }) => `The offer “${name}” is made`,
    finish: ({ id }) => navigate({ to: '/t/$tenant/delegation/offers/$id', params: { tenant: tenant.name, id } }),
  })
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const fields = new FormData(event.currentTarget)
    making.mutate({
      name: textOf(fields, 'name'),
      description: textOf(fields, 'description'),
      scope: place === 'tenant' ? { kind: place } : { kind: place, name: textOf(fields, 'place') },
      grants: grants.map(({ key, roleId, delegated }) => ({
        principal: textOf(fields, `principal-${key}`),
        role: roleId,
        delegatedRoles: roleId === ACCESS_ADMINISTRATOR ? [...delegated] : [],
      })),
    })
  }
  const add = () => {
    const key = next.current++
    setGrants(all => [...all, { key, roleId: '', delegated: [] }])
  }
  const choices = (principals.data ?? []).map(({ id, name, kind }) => ({
    value: id,
    label: name,
    hint: KINDS[kind].label,
  }))
  const problem = making.isError ? onPage(making.error) : undefined
  const nameTaken = problem?.code === 'DELEGATION_OFFER_NAME_TAKEN'
  // The refusal is of the first of its kind.
  const faulty =
    problem?.code === 'DELEGATION_ROLES_REQUIRED'
      ? grants.find(one => one.roleId === ACCESS_ADMINISTRATOR && one.delegated.length === 0)
      : undefined
  return (
    <>
      <BackLink to="/t/$tenant/delegation/offers">Offers</BackLink>
      <PageBody title="Build an offer" says="Nothing is granted until a customer has accepted its file.">
        <form onSubmit={submit}>
          <Panel title="The offer">
            <div className="grid gap-4 px-4 py-4 max-sm:px-3 sm:grid-cols-2">
              <div>
                <Field label="Name" hint="The customer sees it.">
                  <TextInput name="name" required maxLength={200} />
                </Field>
                {problem && nameTaken ? <ProblemNote problem={problem} className="mt-2" /> : null}
              </div>
              <Field label="Description" className="sm:row-span-2">
                <TextArea name="description" rows={5} maxLength={1000} />
              </Field>
              <div className="grid content-start gap-4">
                <Field label="For" hint="What is added to it later is included.">
                  <Select
                    name="scope"
                    value={place}
                    options={PLACES}
                    onChange={event =>
                      setPlace(PLACES.find(one => one.value === event.target.value)?.value ?? 'tenant')
                    }
                  />
                </Field>
                {place === 'tenant' ? null : (
                  <Field
                    label={place === 'group' ? 'Name of the group' : 'Name of the resource'}
                    hint="As the customer calls it; on accepting, another place can be chosen."
                  >
                    <TextInput name="place" required maxLength={100} spellCheck={false} />
                  </Field>
                )}
              </div>
            </div>
          </Panel>
          <Panel
            title="Authorizations"
            actions={
              <Button size="small" onClick={add} disabled={grants.length >= 100}>
                <Plus aria-hidden />
                Add authorization
              </Button>
            }
          >
            {principals.isError ? <ProblemNote problem={onPage(principals.error)} className="m-4" /> : null}
            {grants.map((grant, at) => (
              <GrantRow
                key={grant.key}
                grant={grant}
                number={at + 1}
                principals={choices}
                problem={faulty === grant ? problem : undefined}
                onChange={changed => {
                  // What was refused is no more.
                  making.reset()
                  setGrants(all => all.map(one => (one.key === changed.key ? changed : one)))
                }}
                onRemove={
                  grants.length === 1 ? undefined : () => setGrants(all => all.filter(one => one.key !== grant.key))
                }
              />
            ))}
          </Panel>
          {problem && !nameTaken && !faulty ? <ProblemNote problem={problem} className="mb-4" /> : null}
          <div className="flex flex-wrap gap-2">
            <Button type="submit" look="primary" busy={making.isPending}>
              Make the offer
            </Button>
            <Link to="/t/$tenant/delegation/offers" params={{ tenant: tenant.name }} className={buttonLook('plain')}>
              Cancel
            </Link>
          </div>
        </form>
      </PageBody>
    </>
  )
}
