import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Plus } from 'lucide-react'
import type { Offer } from '../../../../src/api/index.ts'
import { offersQuery } from '../../api/delegation.ts'
import { useTenant } from '../../app/tenant.ts'
import { buttonLook } from '../../ui/button.tsx'
import { Loaded } from '../../ui/loaded.tsx'
import { MenuItem, MenuLine, RowMenu } from '../../ui/menu.tsx'
import { Empty, PageBody, Panel } from '../../ui/page.tsx'
import { type Column, Table, TableLoading } from '../../ui/table.tsx'
import { Time } from '../../ui/time.tsx'
import { useChosen } from '../../ui/use-chosen.ts'
import { useDownload } from './use-download.ts'
import { WithdrawOffer } from './withdraw-offer.tsx'
import { joined, offerPlace } from './words.ts'

/** What this tenant offers to do for others. */
export function Offers() {
  const { id, name: tenant } = useTenant()
  const offers = useQuery(offersQuery(id))
  const leaving = useChosen<Offer>()
  const { download } = useDownload()
  const columns: readonly Column<Offer>[] = [
    {
      head: 'Offer',
      cell: ({ id, name, description }) => (
        <>
          <Link
            to="/t/$tenant/delegation/offers/$id"
            params={{ tenant, id }}
            className="font-medium hover:text-water hover:underline"
          >
            {name}
          </Link>
          {description === '' ? null : <span className="block text-sm text-soft">{description}</span>}
        </>
      ),
    },
    { head: 'For', wide: true, cell: offerPlace },
    { head: 'Grants', cell: ({ grants }) => joined([...new Set(grants.map(({ role }) => role))]) },
    { head: 'Made', wide: true, cell: ({ createdAt }) => <Time at={createdAt} /> },
    {
      head: 'Actions',
      quiet: true,
      className: 'w-0',
      cell: offer => (
        <RowMenu name={offer.name}>
          <MenuItem onClick={() => download.mutate({ offer, form: 'arm' })}>Download ARM template</MenuItem>
          <MenuItem onClick={() => download.mutate({ offer, form: 'yaml' })}>Download YAML</MenuItem>
          <MenuLine />
          <MenuItem danger onClick={() => leaving.choose(offer)}>
            Withdraw …
          </MenuItem>
        </RowMenu>
      ),
    },
  ]
  const build = (
    <Link to="/t/$tenant/delegation/offers/new" params={{ tenant }} className={buttonLook('primary')}>
      <Plus aria-hidden />
      Build an offer
    </Link>
  )
  return (
    <PageBody
      title="Offers"
      says="What this tenant offers to do for others. A customer accepts an offer’s file in its own tenant; until then it grants nothing."
      actions={offers.data?.length === 0 ? undefined : build}
    >
      <Panel>
        <Loaded query={offers} loading={<TableLoading columns={columns} />}>
          {all =>
            all.length === 0 ? (
              <Empty says="Nothing is offered yet. An offer says who of this tenant gets which role in a customer’s tenant.">
                {build}
              </Empty>
            ) : (
              <Table label="Offers" columns={columns} rows={all} keyOf={({ id }) => id} />
            )
          }
        </Loaded>
      </Panel>
      <WithdrawOffer open={leaving.open} onOpenChange={leaving.onOpenChange} offer={leaving.value} />
    </PageBody>
  )
}
