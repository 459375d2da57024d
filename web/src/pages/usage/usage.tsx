import { useQuery } from '@tanstack/react-query'
import type { Usage } from '../../../../src/api/index.ts'
import { usageQuery } from '../../api/usage.ts'
import { PageLoading } from '../../app/page-states.tsx'
import { bytes } from '../../ui/bytes.ts'
import { Facts } from '../../ui/facts.tsx'
import { Loaded } from '../../ui/loaded.tsx'
import { Empty, Panel } from '../../ui/page.tsx'
import { RegionSwitch, RegistryFrame } from '../content/registry-frame.tsx'
import { usePlace } from '../content/use-place.ts'
import { History } from './history.tsx'
import { Meter } from './meter.tsx'
import { Requests } from './requests.tsx'
import { useSamples } from './use-samples.ts'

/** How much a registry holds, may hold, and how much is and was asked of it. */
export function UsagePage() {
  const place = usePlace()
  const usage = useQuery(usageQuery(place))
  const samples = useSamples(usage)
  return (
    <RegistryFrame actions={<RegionSwitch place={place} />}>
      <Loaded query={usage} loading={<PageLoading />}>
        {data => (
          <>
            <Held usage={data} />
            <Requests usage={data} samples={samples} />
            <History place={place} />
          </>
        )}
      </Loaded>
    </RegistryFrame>
  )
}

function Held({ usage: { value, quotas } }: { usage: Usage }) {
  const size = value.find(({ unit }) => unit === 'Bytes')?.currentValue ?? 0
  return (
    <>
      <Panel title="What it holds">
        <Facts
          facts={value.map(({ name, unit, currentValue }) => [
            name,
            unit === 'Bytes' ? bytes(currentValue) : currentValue.toLocaleString(),
          ])}
        />
      </Panel>
      <Panel title="Quotas">
        {quotas.length === 0 ? (
          <Empty says="No policy limits how much the registry holds." />
        ) : (
          <div className="flex flex-col gap-4 px-4 py-3 max-sm:px-3">
            {quotas.map(({ policy, repositories, limit, state }) => (
              <Meter
                key={policy}
                label={repositories === '*' ? policy : `${policy}, for pushes to ${repositories}`}
                used={size}
                most={limit}
                state={state}
              />
            ))}
          </div>
        )}
      </Panel>
    </>
  )
}
