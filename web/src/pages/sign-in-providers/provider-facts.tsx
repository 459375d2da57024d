import { useQuery } from '@tanstack/react-query'
import type { SignInProvider } from '../../../../src/api/index.ts'
import { principalsQuery } from '../../api/principals.ts'
import { useTenant } from '../../app/tenant.ts'
import { CopyButton } from '../../ui/copy-button.tsx'
import { Facts } from '../../ui/facts.tsx'
import { SidePanel } from '../../ui/side-panel.tsx'
import { Time } from '../../ui/time.tsx'

type Props = { open: boolean; onOpenChange: (open: boolean) => void; provider: SignInProvider | undefined }

/** All that may be told of one, and what its other side needs to know. */
export function ProviderFacts({ open, onOpenChange, provider }: Props) {
  return (
    <SidePanel open={open && provider !== undefined} onOpenChange={onOpenChange} title={provider?.title ?? ''}>
      {provider ? <Body provider={provider} /> : null}
    </SidePanel>
  )
}

function Body({ provider }: { provider: SignInProvider }) {
  const tenant = useTenant()
  const { data: principals = [] } = useQuery(principalsQuery(tenant.id))
  const nameOf = (id: string) => principals.find(principal => principal.id === id)?.name ?? id
  const { name, issuer, clientId, scopes, groupsClaim, provisioning, invitedBy, groups, redirectUri, createdAt } =
    provider
  return (
    <>
      <section className="border-b border-line p-4">
        <h3 className="font-medium">Redirect URI</h3>
        <p className="text-soft">Register it at the provider, or it sends nobody back.</p>
        <p className="my-2 rounded border border-line bg-sunk px-2 py-1 [overflow-wrap:anywhere]">
          <code>{redirectUri}</code>
        </p>
        <CopyButton text={redirectUri} label="Copy the redirect URI" />
      </section>
      <Facts
        facts={[
          ['Name', name],
          ['Issuer', <code key="issuer">{issuer}</code>],
          ['Client id', <code key="client">{clientId}</code>],
          ['Client secret', 'Kept sealed; it can’t be shown'],
          ['Scopes', <code key="scopes">{scopes.join(' ')}</code>],
          [
            'New people',
            provisioning === 'automatic'
              ? 'Become users, without any role'
              : `Only who was made a user before, under ${invitedBy === 'mail' ? 'the verified mail address' : 'the user name there'}`,
          ],
          ['Groups claim', groupsClaim === '' ? 'None is looked at' : <code key="claim">{groupsClaim}</code>],
          ['Added', <Time key="made" at={createdAt} />],
        ]}
      />
      {groups.length === 0 ? null : (
        <section className="border-t border-line pt-3">
          <h3 className="px-4 font-medium">Groups by value</h3>
          <Facts facts={groups.map(({ value, groupId }) => [value, nameOf(groupId)])} />
        </section>
      )}
    </>
  )
}
