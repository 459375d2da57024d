import { useQuery } from '@tanstack/react-query'
import { useNavigate, useParams } from '@tanstack/react-router'
import { useState } from 'react'
import type { Registry, RegistryChange } from '../../../../src/api/index.ts'
import { placesQuery } from '../../api/access.ts'
import { changeRegistry, deleteRegistry, registryQuery } from '../../api/registries.ts'
import { PageLoading } from '../../app/page-states.tsx'
import { useTenant } from '../../app/tenant.ts'
import { useChange } from '../../app/use-change.ts'
import { Confirm } from '../../ui/dialog.tsx'
import { Facts } from '../../ui/facts.tsx'
import { Check, Field, Select } from '../../ui/field.tsx'
import { FormDialog, linesOf, textOf } from '../../ui/form-dialog.tsx'
import { Loaded } from '../../ui/loaded.tsx'
import { MenuItem, PageMenu } from '../../ui/menu.tsx'
import { Panel } from '../../ui/page.tsx'
import { placePath } from '../access/place-names.ts'
import { RegistryFrame } from '../content/registry-frame.tsx'
import { HostsField } from './make-registry.tsx'
import { Hosts } from './registries.tsx'
import { ScopeMaps } from './scope-maps.tsx'
import { Tokens } from './tokens.tsx'

const AUDIENCES = [
  { value: 'endpoint', label: 'Each endpoint gives its own' },
  { value: 'registry', label: 'One is good at all of them' },
] as const

export function RegistryPage() {
  const tenant = useTenant()
  const { name = '' }: { name?: string } = useParams({ strict: false })
  const registry = useQuery(registryQuery(tenant.id, name))
  return (
    <Loaded query={registry} loading={<PageLoading />}>
      {data => <Whole registry={data} />}
    </Loaded>
  )
}

function Whole({ registry }: { registry: Registry }) {
  const { name, hosts, anonymousPull, tokenAudience, parentId } = registry
  const { data: places = [] } = useQuery(placesQuery(useTenant().id))
  return (
    <RegistryFrame actions={<Actions registry={registry} />}>
      <Panel title="Settings">
        <Facts
          facts={[
            ['Hosts', <Hosts key="hosts" hosts={hosts} isDefault={name === 'default'} />],
            ['Lies in', placePath(places, parentId) || '–'],
            ['Anonymous pull', anonymousPull ? 'Allowed' : 'No'],
            ['Access tokens', AUDIENCES.find(({ value }) => value === tokenAudience)?.label],
          ]}
        />
      </Panel>
      <Tokens registry={name} />
      <ScopeMaps registry={name} />
    </RegistryFrame>
  )
}

function Actions({ registry }: { registry: Registry }) {
  const { name, hosts, anonymousPull, tokenAudience } = registry
  const tenant = useTenant()
  const navigate = useNavigate()
  const [asked, setAsked] = useState<'change' | 'delete'>()
  const done = () => setAsked(undefined)
  const changing = useChange({
    run: (body: RegistryChange) => changeRegistry(name, body),
    says: () => `“${name}” is changed; regions follow within seconds`,
    finish: done,
  })
  const deleting = useChange({
    run: () => deleteRegistry(name),
    says: () => `The registry “${name}” is deleted`,
    finish: () => navigate({ to: '/t/$tenant/registries', params: { tenant: tenant.name } }),
  })
  return (
    <>
      <PageMenu>
        <MenuItem onClick={() => setAsked('change')}>Change settings …</MenuItem>
        <MenuItem danger onClick={() => setAsked('delete')}>
          Delete …
        </MenuItem>
      </PageMenu>
      <FormDialog
        open={asked === 'change'}
        onOpenChange={done}
        title={`Settings of “${name}”`}
        action="Save"
        change={changing}
        read={(fields): RegistryChange => ({
          hosts: linesOf(fields, 'hosts'),
          anonymousPull: fields.has('anonymousPull'),
          tokenAudience: textOf(fields, 'tokenAudience') === 'registry' ? 'registry' : 'endpoint',
        })}
      >
        <HostsField hosts={hosts} />
        <Field label="Access tokens" hint="Azure Container Registry’s are good at all endpoints of a registry.">
          <Select name="tokenAudience" defaultValue={tokenAudience} options={AUDIENCES} />
        </Field>
        <Check
          name="anonymousPull"
          defaultChecked={anonymousPull}
          label="Anonymous pull"
          hint="Whoever reaches it may pull everything in it."
        />
      </FormDialog>
      <Confirm
        open={asked === 'delete'}
        onOpenChange={done}
        title={`Delete the registry “${name}”?`}
        says="What it holds can not be reached any more: every push and pull is refused within seconds. Its tokens and scope maps go with it. That can't be undone."
        action="Delete"
        change={deleting}
        onConfirm={() => deleting.mutate(undefined)}
      />
    </>
  )
}
