import { useQuery } from '@tanstack/react-query'
import { useNavigate, useParams } from '@tanstack/react-router'
import { useState } from 'react'
import type { Delegation } from '../../../../src/api/index.ts'
import { assignmentsQuery, placesQuery } from '../../api/access.ts'
import { delegationsQuery } from '../../api/delegation.ts'
import { principalsQuery } from '../../api/principals.ts'
import { PageLoading } from '../../app/page-states.tsx'
import { useTenant } from '../../app/tenant.ts'
import { BackLink } from '../../ui/back-link.tsx'
import { Button } from '../../ui/button.tsx'
import { Facts } from '../../ui/facts.tsx'
import { Loaded } from '../../ui/loaded.tsx'
import { Empty, PageBody, Panel } from '../../ui/page.tsx'
import { Time } from '../../ui/time.tsx'
import { AssignmentTable } from '../access/assignment-table.tsx'
import { Grants } from './grants.tsx'
import { RevokeDelegation } from './revoke-delegation.tsx'
import { delegationPlace } from './words.ts'

/** One delegation: what it grants, to whom, where, and its end. */
export function DelegationPage() {
  const { id = '' }: { id?: string } = useParams({ strict: false })
  const delegations = useQuery(delegationsQuery(useTenant().id, 'customer'))
  return (
    <>
      <BackLink to="/t/$tenant/delegation/delegations">Delegations</BackLink>
      <Loaded query={delegations} loading={<PageLoading />}>
        {all => {
          const found = all.find(one => one.id === id)
          if (found) return <Whole delegation={found} />
          // The list may be older than what was just accepted.
          return delegations.isFetching ? (
            <PageLoading />
          ) : (
            <Empty says="This delegation is not there: it may have been revoked." />
          )
        }}
      </Loaded>
    </>
  )
}

function Whole({ delegation }: { delegation: Delegation }) {
  const { id, offer, description, managingTenant, scope, condition, grants, acceptedBy, acceptedAt } = delegation
  const tenant = useTenant()
  const navigate = useNavigate()
  const [ending, setEnding] = useState(false)
  const { data: places = [] } = useQuery(placesQuery(tenant.id))
  const { data: principals = [] } = useQuery(principalsQuery(tenant.id))
  const { data: assignments = [] } = useQuery(assignmentsQuery(tenant.id))
  const who = principals.find(one => one.id === acceptedBy)?.name ?? acceptedBy
  const granted = new Set(grants.map(({ principalId, roleId }) => `${principalId} ${roleId}`))
  const given = assignments.filter(one => one.source === id && !granted.has(`${one.principalId} ${one.roleId}`))
  return (
    <PageBody
      title={offer}
      says={description || undefined}
      actions={
        <Button look="danger" onClick={() => setEnding(true)}>
          Revoke …
        </Button>
      }
    >
      <Panel>
        <Facts
          facts={[
            ['To', managingTenant.name],
            ['Where', delegationPlace(places, scope)],
            ...(condition === '' ? [] : [['Only if', <code key="if">{condition}</code>] as const]),
            [
              'Accepted',
              <span key="accepted">
                <Time at={acceptedAt} /> by {who}
              </span>,
            ],
            ['Id', <code key="id">{id}</code>],
          ]}
        />
      </Panel>
      <Panel title="What it grants">
        <Grants grants={grants} managing={managingTenant.name} customer={tenant.name} />
      </Panel>
      {given.length === 0 ? null : (
        <Panel title="What was given through it">
          <AssignmentTable assignments={given} nothing="" />
        </Panel>
      )}
      <RevokeDelegation
        open={ending}
        onOpenChange={setEnding}
        delegation={delegation}
        given={given.length}
        onDone={() => navigate({ to: '/t/$tenant/delegation/delegations', params: { tenant: tenant.name } })}
      />
    </PageBody>
  )
}
