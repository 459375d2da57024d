import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Plus } from 'lucide-react'
import { useState } from 'react'
import type { Webhook } from '../../../../src/api/index.ts'
import { webhooksQuery } from '../../api/webhooks.ts'
import { useTenant } from '../../app/tenant.ts'
import { Button } from '../../ui/button.tsx'
import { EnabledBadge } from '../../ui/enabled-badge.tsx'
import { Loaded } from '../../ui/loaded.tsx'
import { RowMenu } from '../../ui/menu.tsx'
import { Empty, Panel } from '../../ui/page.tsx'
import { SecretOnce } from '../../ui/secret-once.tsx'
import { type Column, Table, TableLoading } from '../../ui/table.tsx'
import { RegistryFrame } from '../content/registry-frame.tsx'
import { inRegion, usePlace } from '../content/use-place.ts'
import { MakeWebhook } from './webhook-form.tsx'
import { WebhookMenu } from './webhook-menu.tsx'

/** Whom a registry tells what happens in it. */
export function Webhooks() {
  const tenant = useTenant()
  const place = usePlace()
  const { registry } = place
  const webhooks = useQuery(webhooksQuery(tenant.id, registry))
  const [making, setMaking] = useState(false)
  const [made, setMade] = useState<Webhook>()
  const columns: readonly Column<Webhook>[] = [
    {
      head: 'Name',
      cell: ({ name }) => (
        <Link
          to="/t/$tenant/registries/$name/webhooks/$webhook"
          params={{ tenant: tenant.name, name: registry, webhook: name }}
          search={inRegion(place)}
          className="font-medium hover:text-water hover:underline"
        >
          {name}
        </Link>
      ),
    },
    { head: 'Sends to', wide: true, cell: ({ service }) => <code>{service}</code> },
    { head: 'Tells of', wide: true, cell: ({ actions }) => actions.join(', ') },
    { head: 'Repositories', wide: true, cell: ({ scope }) => <Scope scope={scope} /> },
    { head: 'State', cell: ({ status }) => <EnabledBadge enabled={status === 'enabled'} /> },
    {
      head: 'Actions',
      quiet: true,
      className: 'w-0',
      cell: webhook => <WebhookMenu registry={registry} webhook={webhook} Menu={RowMenu} />,
    },
  ]
  return (
    <RegistryFrame>
      <Panel
        title="Webhooks"
        actions={
          <Button size="small" onClick={() => setMaking(true)}>
            <Plus aria-hidden />
            New webhook
          </Button>
        }
      >
        <Loaded query={webhooks} loading={<TableLoading columns={columns} rows={2} />}>
          {all =>
            all.length === 0 ? (
              <Empty says="No webhooks yet. A webhook tells a server of yours of pushes and deletions, in order and at least once." />
            ) : (
              <Table label="Webhooks" columns={columns} rows={all} keyOf={({ id }) => id} />
            )
          }
        </Loaded>
      </Panel>
      <MakeWebhook registry={registry} open={making} onOpenChange={setMaking} onMade={setMade} />
      <SecretOnce
        title={`Signing key of “${made?.name}”`}
        lines={made?.key === undefined ? undefined : [{ label: 'Key', value: made.key }]}
        onDone={() => setMade(undefined)}
      />
    </RegistryFrame>
  )
}

export function Scope({ scope }: { scope: string }) {
  return scope === '' ? <span className="text-soft">All</span> : <code>{scope}</code>
}
