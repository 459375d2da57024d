import { useQuery } from '@tanstack/react-query'
import { statusQuery } from '../../api/status.ts'
import { useSession, useTenant } from '../../app/tenant.ts'
import { Loaded } from '../../ui/loaded.tsx'
import { PageBody } from '../../ui/page.tsx'
import { Health, HealthLoading } from './health.tsx'
import { TenantCounts } from './tenant-counts.tsx'

export function Overview() {
  const tenant = useTenant()
  const { platformAdministrator } = useSession()
  return (
    <PageBody title={tenant.name}>
      <TenantCounts />
      {platformAdministrator ? <PlatformHealth /> : null}
    </PageBody>
  )
}

function PlatformHealth() {
  const status = useQuery(statusQuery)
  return (
    <Loaded query={status} loading={<HealthLoading />}>
      {data => <Health status={data} />}
    </Loaded>
  )
}
