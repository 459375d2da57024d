import { useQuery } from '@tanstack/react-query'
import { useNavigate, useParams } from '@tanstack/react-router'
import { Download } from 'lucide-react'
import { useState } from 'react'
import type { Offer } from '../../../../src/api/index.ts'
import { offersQuery } from '../../api/delegation.ts'
import { PageLoading } from '../../app/page-states.tsx'
import { useTenant } from '../../app/tenant.ts'
import { BackLink } from '../../ui/back-link.tsx'
import { Button } from '../../ui/button.tsx'
import { Facts } from '../../ui/facts.tsx'
import { Loaded } from '../../ui/loaded.tsx'
import { Empty, PageBody, Panel } from '../../ui/page.tsx'
import { Time } from '../../ui/time.tsx'
import { Grants } from './grants.tsx'
import { useDownload } from './use-download.ts'
import { WithdrawOffer } from './withdraw-offer.tsx'
import { offerPlace } from './words.ts'

/** One offer: what it grants, and its file. */
export function OfferPage() {
  const { id = '' }: { id?: string } = useParams({ strict: false })
  const offers = useQuery(offersQuery(useTenant().id))
  return (
    <>
      <BackLink to="/t/$tenant/delegation/offers">Offers</BackLink>
      <Loaded query={offers} loading={<PageLoading />}>
        {all => {
          const offer = all.find(one => one.id === id)
          if (offer) return <Whole offer={offer} />
          // The list may be older than what was just made.
          return offers.isFetching ? <PageLoading /> : <Empty says="This offer is not there any more." />
        }}
      </Loaded>
    </>
  )
}

function Whole({ offer }: { offer: Offer }) {
  const tenant = useTenant()
  const navigate = useNavigate()
  const { download } = useDownload()
  const [leaving, setLeaving] = useState(false)
  const { name, description, grants, createdAt } = offer
  const busy = (form: string) => download.isPending && download.variables.form === form
  return (
    <PageBody
      title={name}
      says={description || undefined}
      actions={<Button onClick={() => setLeaving(true)}>Withdraw …</Button>}
    >
      <Panel title="Give it to the customer">
        <div className="flex flex-wrap items-center justify-between gap-4 px-4 py-4 max-sm:px-3">
          <p className="max-w-prose text-soft">
            Send one of these files. The customer uploads it under <em>Delegations</em>, reads in words what it grants,
            and accepts it. The ARM template is the one that Azure Lighthouse takes; YAML says the same in fewer lines.
          </p>
          <div className="flex flex-wrap gap-2">
            <Button look="primary" busy={busy('arm')} onClick={() => download.mutate({ offer, form: 'arm' })}>
              <Download aria-hidden />
              ARM template
            </Button>
            <Button busy={busy('yaml')} onClick={() => download.mutate({ offer, form: 'yaml' })}>
              <Download aria-hidden />
              YAML
            </Button>
          </div>
        </div>
      </Panel>
      <Panel title="What it grants">
        <Grants grants={grants} managing={tenant.name} customer="the customer" />
      </Panel>
      <Panel>
        <Facts
          facts={[
            ['For', offerPlace(offer)],
            ['Made', <Time key="made" at={createdAt} />],
            ['Id', <code key="id">{offer.id}</code>],
          ]}
        />
      </Panel>
      <WithdrawOffer
        open={leaving}
        onOpenChange={setLeaving}
        offer={offer}
        onDone={() => navigate({ to: '/t/$tenant/delegation/offers', params: { tenant: tenant.name } })}
      />
    </PageBody>
  )
}
