import { useQuery } from '@tanstack/react-query'
import { useNavigate, useParams } from '@tanstack/react-router'
import type { WholePrincipal } from '../../../../src/api/index.ts'
import { principalQuery, principalsQuery } from '../../api/principals.ts'
import { PageLoading } from '../../app/page-states.tsx'
import { useTenant } from '../../app/tenant.ts'
import { BackLink } from '../../ui/back-link.tsx'
import { EnabledBadge } from '../../ui/enabled-badge.tsx'
import { Facts } from '../../ui/facts.tsx'
import { Loaded } from '../../ui/loaded.tsx'
import { PageMenu } from '../../ui/menu.tsx'
import { PageBody, Panel } from '../../ui/page.tsx'
import { Time } from '../../ui/time.tsx'
import { Certificates } from './certificates.tsx'
import { Federations } from './federations.tsx'
import { Members } from './members.tsx'
import { PrincipalActions } from './principal-actions.tsx'
import { hasSecrets, KINDS } from './principal-kinds.ts'
import { PrincipalRoles } from './principal-roles.tsx'
import { Secrets } from './secrets.tsx'

/** One of them: what it is, what it may do, who is in it, what it proves itself with. */
export function PrincipalPage() {
  const tenant = useTenant()
  const { id = '' }: { id?: string } = useParams({ strict: false })
  const principal = useQuery(principalQuery(tenant.id, id))
  return (
    <>
      <BackLink to="/t/$tenant/access/principals">Principals</BackLink>
      <Loaded query={principal} loading={<PageLoading />}>
        {data => <Whole principal={data} />}
      </Loaded>
    </>
  )
}

function Whole({ principal }: { principal: WholePrincipal }) {
  const { id, kind, name, enabled, ownerId, createdAt } = principal
  const tenant = useTenant()
  const navigate = useNavigate()
  const { data: all = [] } = useQuery(principalsQuery(tenant.id))
  const owner = all.find(one => one.id === ownerId)
  return (
    <PageBody
      title={name}
      actions={
        <PrincipalActions
          principal={principal}
          onDeleted={() => navigate({ to: '/t/$tenant/access/principals', params: { tenant: tenant.name } })}
        >
          {items => <PageMenu>{items}</PageMenu>}
        </PrincipalActions>
      }
    >
      <Panel>
        <Facts
          facts={[
            ['Kind', KINDS[kind].label],
            ['State', <EnabledBadge key="state" enabled={enabled} />],
            ['Id', <code key="id">{id}</code>],
            ...(ownerId === '' ? [] : [['Owner', owner?.name ?? ownerId] as const]),
            ['Made', <Time key="made" at={createdAt} />],
          ]}
        />
      </Panel>
      {kind === 'group' ? <Members group={principal} /> : null}
      {hasSecrets(kind) ? (
        <>
          <Secrets principal={principal} />
          <Certificates principal={principal} />
          <Federations principal={principal} />
        </>
      ) : null}
      <PrincipalRoles principalId={id} />
    </PageBody>
  )
}
