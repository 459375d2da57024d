import { useMutation, useQuery } from '@tanstack/react-query'
import { useSearch } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import type { MissingList, PickBody } from '../../../../src/api/index.ts'
import { addWork, checkWork, customerResourcesQuery } from '../../api/delegation.ts'
import { principalsQuery } from '../../api/principals.ts'
import { useTenant } from '../../app/tenant.ts'
import { useChange } from '../../app/use-change.ts'
import { BackLink } from '../../ui/back-link.tsx'
import { Button } from '../../ui/button.tsx'
import { Check } from '../../ui/field.tsx'
import { textOf } from '../../ui/form-dialog.tsx'
import { Loaded } from '../../ui/loaded.tsx'
import { PageBody, Panel } from '../../ui/page.tsx'
import { Picker } from '../../ui/picker.tsx'
import { kindWord } from '../access/place-names.ts'
import { KINDS } from '../access/principal-kinds.ts'
import { NEEDS, neededActions } from './needs.ts'
import { WorkOutcome } from './work-outcome.tsx'

/** An agent of this tenant is let to work at a customer's place: what it lacks is found, then added. */
export function AgentWork() {
  const tenant = useTenant()
  const resources = useQuery(customerResourcesQuery(tenant.id))
  return (
    <>
      <BackLink to="/t/$tenant/delegation/customers">My customers</BackLink>
      <PageBody
        title="Let an agent work at a customer’s place"
        says="What it lacks there is looked up first. What a customer delegated to you to give, you can then add."
      >
        <Loaded query={resources} loading={<div className="skeleton h-80" />}>
          {all => (
            <Work
              places={all.map(({ scope, name, kind, tenantName }) => ({
                value: scope,
                label: `${tenantName} / ${name}`,
                hint: kindWord(kind),
              }))}
            />
          )}
        </Loaded>
      </PageBody>
    </>
  )
}

function Work({ places }: { places: readonly { value: string; label: string; hint: string }[] }) {
  const tenant = useTenant()
  const { scope }: { scope?: unknown } = useSearch({ strict: false })
  const principals = useQuery(principalsQuery(tenant.id))
  const [needs, setNeeds] = useState<readonly string[]>(NEEDS.filter(({ usual }) => usual).map(({ label }) => label))
  const [asked, setAsked] = useState<PickBody>()
  const [missing, setMissing] = useState<MissingList['missing']>()
  const checking = useMutation({ mutationFn: checkWork, onSuccess: setMissing })
  const adding = useChange({
    run: (body: PickBody) => addWork(body),
    finish: picked => setMissing(picked.missing),
  })
  const forget = () => {
    setMissing(undefined)
    checking.reset()
    adding.reset()
  }
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const fields = new FormData(event.currentTarget)
    const body = {
      identity: textOf(fields, 'identity'),
      scope: textOf(fields, 'scope'),
      needed: neededActions(needs),
    }
    forget()
    setAsked(body)
    checking.mutate(body)
  }
  const workers = (principals.data ?? []).filter(({ kind }) => kind === 'agent' || kind === 'managed')
  const worker = workers.find(({ id }) => id === asked?.identity)?.name ?? ''
  return (
    <>
      <form onSubmit={submit} onChange={forget}>
        <Panel>
          <div className="grid gap-4 px-4 py-4 max-sm:px-3 sm:grid-cols-2">
            <Picker
              label="Agent or managed identity"
              name="identity"
              required
              placeholder="Type a name"
              choices={workers.map(({ id, name, kind }) => ({ value: id, label: name, hint: KINDS[kind].label }))}
            />
            <Picker
              label="Where"
              name="scope"
              required
              placeholder="Type a customer or a resource"
              choices={places}
              {...(typeof scope === 'string' ? { initial: scope } : {})}
            />
            <fieldset className="sm:col-span-2">
              <legend className="font-medium">What it will do there</legend>
              <div className="mt-2 grid gap-x-6 gap-y-2 sm:grid-cols-2">
                {NEEDS.map(({ label, actions }) => (
                  <Check
                    key={label}
                    label={label}
                    hint={<code>{actions.join(', ')}</code>}
                    checked={needs.includes(label)}
                    onChange={event =>
                      setNeeds(event.target.checked ? [...needs, label] : needs.filter(one => one !== label))
                    }
                  />
                ))}
              </div>
            </fieldset>
          </div>
        </Panel>
        <Button type="submit" look="primary" busy={checking.isPending} disabled={needs.length === 0} className="mb-6">
          Check what is missing
        </Button>
      </form>
      {asked ? (
        <WorkOutcome
          worker={worker}
          missing={missing}
          added={adding.data?.added}
          problem={adding.error ?? checking.error}
          busy={adding.isPending}
          onAdd={() => adding.mutate(asked)}
        />
      ) : null}
    </>
  )
}
