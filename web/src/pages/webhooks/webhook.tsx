import { useQuery } from '@tanstack/react-query'
import { useNavigate, useParams } from '@tanstack/react-router'
import type { Webhook } from '../../../../src/api/index.ts'
import type { Place } from '../../api/content.ts'
import { webhookQuery } from '../../api/webhooks.ts'
import { PageLoading } from '../../app/page-states.tsx'
import { useTenant } from '../../app/tenant.ts'
import { BackLink } from '../../ui/back-link.tsx'
import { EnabledBadge } from '../../ui/enabled-badge.tsx'
import { Facts } from '../../ui/facts.tsx'
import { Loaded } from '../../ui/loaded.tsx'
import { PageMenu } from '../../ui/menu.tsx'
import { PageBody, Panel } from '../../ui/page.tsx'
import { Time } from '../../ui/time.tsx'
import { inRegion, usePlace } from '../content/use-place.ts'
import { Deliveries } from './deliveries.tsx'
import { WebhookMenu } from './webhook-menu.tsx'
import { Scope } from './webhooks.tsx'
import { ACTIONS, FORMATS } from './words.ts'

export function WebhookPage() {
  const tenant = useTenant()
  const place = usePlace()
  const { webhook: name = '' }: { webhook?: string } = useParams({ strict: false })
  const webhook = useQuery(webhookQuery(tenant.id, place.registry, name))
  return (
    <>
      <BackLink
        to="/t/$tenant/registries/$name/webhooks"
        search={inRegion(place)}
      >{`Webhooks of ${place.registry}`}</BackLink>
      <Loaded query={webhook} loading={<PageLoading />}>
        {data => <Whole place={place} webhook={data} />}
      </Loaded>
    </>
  )
}

function Whole({ place, webhook }: { place: Place; webhook: Webhook }) {
  const { registry, region } = place
  const tenant = useTenant()
  const navigate = useNavigate()
  const { name, service, actions, scope, format, status, headerNames, keySetAt } = webhook
  const leave = () =>
    navigate({ to: '/t/$tenant/registries/$name/webhooks', params: { tenant: tenant.name, name: registry } })
  return (
    <PageBody
      title={name}
      actions={<WebhookMenu registry={registry} webhook={webhook} region={region} Menu={PageMenu} onDeleted={leave} />}
    >
      <Panel title="Settings">
        <Facts
          facts={[
            ['State', <EnabledBadge key="status" enabled={status === 'enabled'} />],
            ['Sends to', <code key="service">{service}</code>],
            [
              'When',
              ACTIONS.filter(({ value }) => actions.includes(value)).map(({ value, says }) => (
                <span key={value} className="block">
                  {says}
                </span>
              )),
            ],
            ['Repositories', <Scope key="scope" scope={scope} />],
            ['What is sent', FORMATS.find(({ value }) => value === format)?.label],
            ['Headers', headerNames.length === 0 ? 'None of its own' : headerNames.join(', ')],
            [
              'Signed by',
              <>
                a key made <Time at={keySetAt} />
              </>,
            ],
          ]}
        />
      </Panel>
      <Deliveries place={place} webhook={name} />
    </PageBody>
  )
}
