import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { type SecretAge, type SecretAges, secretAgesQuery } from '../../api/secrets.ts'
import { Badge, type Tone } from '../../ui/badge.tsx'
import { Loaded } from '../../ui/loaded.tsx'
import { Empty, PageBody, Panel } from '../../ui/page.tsx'
import { matches, SearchBox } from '../../ui/search-box.tsx'
import { type Column, Table, TableLoading } from '../../ui/table.tsx'
import { Time } from '../../ui/time.tsx'
import { kindOf } from './kinds.ts'
import { SecretNext } from './secret-next.tsx'
import { useOwners } from './use-owners.tsx'

const STATES: Readonly<Record<SecretAge['state'], { tone: Tone; label: string }>> = {
  fine: { tone: 'good', label: 'Fine' },
  due: { tone: 'warn', label: 'Due' },
  overdue: { tone: 'danger', label: 'Overdue' },
  expired: { tone: 'danger', label: 'Expired' },
}
/** What is late comes first, so that nothing late is among those that are not shown. */
const MOST_SHOWN = 200

/** How old everything secret is, and what to replace now. */
export function Secrets() {
  const ages = useQuery(secretAgesQuery)
  const owners = useOwners()
  const [wanted, setWanted] = useState('')
  const columns: readonly Column<SecretAge>[] = [
    {
      head: 'Secret',
      cell: secret => (
        <>
          <span className="font-medium [overflow-wrap:anywhere]">{secret.name}</span>
          <span className="block text-sm text-soft">{kindOf(secret).label}</span>
        </>
      ),
    },
    { head: 'Of', wide: true, cell: secret => owners(secret) },
    { head: 'Made', wide: true, cell: ({ createdAt }) => <Time at={createdAt} /> },
    {
      head: 'Expires',
      wide: true,
      cell: ({ expiresAt }) =>
        expiresAt === null ? <span className="text-soft">Never</span> : <Time at={expiresAt} />,
    },
    {
      head: 'Replace',
      cell: ({ state, dueAt }) => (
        <>
          <Badge tone={STATES[state].tone}>{STATES[state].label}</Badge>
          <span className="block text-sm text-soft">
            <Time at={dueAt} />
          </span>
        </>
      ),
    },
  ]
  return (
    <PageBody
      title="Secrets"
      says="Every secret of the platform, of programs and of registry tokens, by age. Due after 90 days or before it expires, overdue 30 days later. None of them is shown."
    >
      <Loaded
        query={ages}
        loading={
          <Panel>
            <TableLoading columns={columns} rows={8} />
          </Panel>
        }
      >
        {data => {
          const found = data.secrets.filter(one => matches(wanted, one.name, one.kind, kindOf(one).label, one.state))
          return (
            <>
              <Summary ages={data} />
              <Late secrets={data.secrets.filter(({ state }) => state !== 'fine')} />
              <div className="mb-3">
                <SearchBox label="Find a secret" value={wanted} onChange={setWanted} />
              </div>
              <Panel>
                {found.length === 0 ? (
                  <Empty says={`Nothing is called “${wanted}”.`} />
                ) : (
                  <Table
                    label="Secrets"
                    columns={columns}
                    rows={found.slice(0, MOST_SHOWN)}
                    keyOf={one => [one.kind, one.tenantId, one.registryId, one.name].join(' ')}
                  />
                )}
                {found.length > MOST_SHOWN || data.more ? (
                  <p className="border-t border-line px-4 py-3 text-soft">
                    {Math.min(found.length, MOST_SHOWN)} of {found.length.toLocaleString()}
                    {data.more ? ' and more' : ''} are shown, those to replace first. All of them:{' '}
                    <code>towpath admin secrets</code>
                  </p>
                ) : null}
              </Panel>
            </>
          )
        }}
      </Loaded>
    </PageBody>
  )
}

function Summary({ ages: { secrets } }: { ages: SecretAges }) {
  const counts = Map.groupBy(secrets, ({ state }) => state)
  const states = (['expired', 'overdue', 'due', 'fine'] as const).filter(state => counts.has(state))
  return (
    <p className="mb-4 flex flex-wrap gap-2">
      {states.map(state => (
        <Badge key={state} tone={STATES[state].tone}>
          {counts.get(state)?.length.toLocaleString()} {STATES[state].label.toLowerCase()}
        </Badge>
      ))}
    </p>
  )
}

/** As many as somebody works off at a time. */
const MOST_LATE = 20

function Late({ secrets }: { secrets: readonly SecretAge[] }) {
  if (secrets.length === 0) return null
  return (
    <Panel title={secrets.length > MOST_LATE ? `To do, the first ${MOST_LATE} of ${secrets.length}` : 'To do'}>
      <ul className="divide-y divide-line">
        {secrets.slice(0, MOST_LATE).map(secret => (
          <li key={[secret.kind, secret.tenantId, secret.registryId, secret.name].join(' ')} className="px-4 py-3">
            <p className="flex flex-wrap items-center gap-2">
              <span className="font-medium [overflow-wrap:anywhere]">{secret.name}</span>
              <Badge tone={STATES[secret.state].tone}>{STATES[secret.state].label}</Badge>
              <span className="text-soft">{kindOf(secret).label}</span>
            </p>
            <SecretNext secret={secret} />
          </li>
        ))}
      </ul>
    </Panel>
  )
}
