import { useQuery } from '@tanstack/react-query'
import { Plus } from 'lucide-react'
import { useState } from 'react'
import type { Token } from '../../../../src/api/index.ts'
import { scopeMapsQuery, tokensQuery } from '../../api/registries.ts'
import { useTenant } from '../../app/tenant.ts'
import { Button } from '../../ui/button.tsx'
import { EnabledBadge } from '../../ui/enabled-badge.tsx'
import { Loaded } from '../../ui/loaded.tsx'
import { Empty, Panel } from '../../ui/page.tsx'
import { SecretOnce } from '../../ui/secret-once.tsx'
import { type Column, Table, TableLoading } from '../../ui/table.tsx'
import { Time } from '../../ui/time.tsx'
import { MakeToken } from './make-token.tsx'
import { TokenMenu } from './token-menu.tsx'

/** Names for programs to sign in by at one registry. */
export function Tokens({ registry }: { registry: string }) {
  const tenant = useTenant()
  const tokens = useQuery(tokensQuery(tenant.id, registry))
  const { data: scopeMaps = [] } = useQuery(scopeMapsQuery(tenant.id, registry))
  const [making, setMaking] = useState(false)
  const [shown, setShown] = useState<Token>()
  const columns: readonly Column<Token>[] = [
    { head: 'Token', cell: ({ name }) => <span className="font-medium">{name}</span> },
    { head: 'Scope map', cell: ({ scopeMap }) => scopeMap },
    {
      head: 'State',
      cell: ({ status }) => <EnabledBadge enabled={status === 'enabled'} />,
    },
    { head: 'Passwords', wide: true, cell: ({ passwords }) => <Passwords passwords={passwords} /> },
    {
      head: 'Actions',
      quiet: true,
      className: 'w-0',
      cell: token => <TokenMenu registry={registry} token={token} onShown={setShown} />,
    },
  ]
  return (
    <Panel
      title="Tokens"
      actions={
        <Button size="small" onClick={() => setMaking(true)}>
          <Plus aria-hidden />
          New token
        </Button>
      }
    >
      <Loaded query={tokens} loading={<TableLoading columns={columns} rows={2} />}>
        {all =>
          all.length === 0 ? (
            <Empty says="No tokens yet. A token lets a program push or pull what its scope map allows, and nothing else." />
          ) : (
            <Table label="Tokens" columns={columns} rows={all} keyOf={({ id }) => id} />
          )
        }
      </Loaded>
      <MakeToken registry={registry} scopeMaps={scopeMaps} open={making} onOpenChange={setMaking} onMade={setShown} />
      <SecretOnce
        title={`Passwords of “${shown?.name}”`}
        lines={shown?.passwords.flatMap(({ name, value }) =>
          value === undefined ? [] : [{ label: passwordLabel(name), value }],
        )}
        onDone={() => setShown(undefined)}
      />
    </Panel>
  )
}

function passwordLabel(name: Token['passwords'][number]['name']): string {
  return name === 'password1' ? 'Password 1' : 'Password 2'
}

function Passwords({ passwords }: { passwords: Token['passwords'] }) {
  if (passwords.length === 0) return <span className="text-soft">None</span>
  return passwords.map(({ name, createdAt, expiresAt }) => (
    <span key={name} className="block">
      {passwordLabel(name)}, made <Time at={createdAt} />
      {expiresAt === null ? null : (
        <>
          , expires <Time at={expiresAt} />
        </>
      )}
    </span>
  ))
}
