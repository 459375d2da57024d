import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Monitor, SquareTerminal } from 'lucide-react'
import type { SessionList } from '../../../../src/api/index.ts'
import { endSession, sessionsQuery } from '../../api/session.ts'
import { wayIn } from '../../app/way-in.ts'
import { Badge } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { Confirm } from '../../ui/dialog.tsx'
import { Loaded } from '../../ui/loaded.tsx'
import { Empty, PageBody, Panel } from '../../ui/page.tsx'
import { type Column, Table, TableLoading } from '../../ui/table.tsx'
import { Time } from '../../ui/time.tsx'
import { useSay } from '../../ui/toast.tsx'
import { useChosen } from '../../ui/use-chosen.ts'

type OwnSession = SessionList['sessions'][number]

const KINDS = {
  browser: { label: 'Browser', icon: Monitor },
  cli: { label: 'Command line', icon: SquareTerminal },
}

/** Where one is signed in oneself, whatever the tenant. */
export function Sessions() {
  const queryClient = useQueryClient()
  const say = useSay()
  const sessions = useQuery(sessionsQuery)
  const ending = useChosen<OwnSession>()
  const end = useMutation({
    mutationFn: ({ id }: OwnSession) => endSession(id),
    onSuccess: async () => {
      ending.close()
      say('The session is ended')
      await queryClient.invalidateQueries(sessionsQuery)
    },
  })
  const columns: readonly Column<OwnSession>[] = [
    {
      head: 'Session',
      cell: ({ kind, current, signedInBy }) => {
        const { label, icon: Icon } = KINDS[kind]
        return (
          <span className="flex items-start gap-2.5">
            <Icon aria-hidden className="mt-0.5 size-4 shrink-0 text-soft" />
            <span>
              <span className="flex flex-wrap items-center gap-2 font-medium">
                {label}
                {current ? <Badge tone="good">This one</Badge> : null}
              </span>
              <span className="block text-sm text-soft">{wayIn(signedInBy)}</span>
            </span>
          </span>
        )
      },
    },
    { head: 'Signed in', wide: true, cell: ({ createdAt }) => <Time at={createdAt} /> },
    { head: 'Last used', cell: ({ seenAt }) => <Time at={seenAt} /> },
    { head: 'Ends', wide: true, cell: ({ expiresAt }) => <Time at={expiresAt} /> },
    {
      head: 'Actions',
      quiet: true,
      className: 'w-0',
      cell: session =>
        session.current ? null : (
          <Button
            size="small"
            aria-label={`End the session of ${new Date(session.createdAt).toLocaleString()}`}
            onClick={() => ending.choose(session)}
          >
            End
          </Button>
        ),
    },
  ]
  return (
    <PageBody
      title="My sessions"
      says="Where you are signed in. End what you don't know or don't need: it counts from its next request on."
    >
      <Panel>
        <Loaded query={sessions} loading={<TableLoading columns={columns} rows={3} />}>
          {all =>
            all.length === 0 ? (
              <Empty says="You are signed in by no session." />
            ) : (
              <Table label="My sessions" columns={columns} rows={all} keyOf={({ id }) => id} />
            )
          }
        </Loaded>
      </Panel>
      <Confirm
        open={ending.open}
        onOpenChange={ending.onOpenChange}
        title="End this session?"
        says="Whoever uses it has to sign in again. Your other sessions stay."
        action="End it"
        change={end}
        onConfirm={() => ending.value && end.mutate(ending.value)}
      />
    </PageBody>
  )
}
