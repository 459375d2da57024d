import { useQuery } from '@tanstack/react-query'
import { Plus } from 'lucide-react'
import type { SignInProvider } from '../../../../src/api/index.ts'
import { deleteSignInProvider, signInProvidersQuery } from '../../api/sign-in-providers.ts'
import { useTenant } from '../../app/tenant.ts'
import { useChange } from '../../app/use-change.ts'
import { Badge } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { Confirm } from '../../ui/dialog.tsx'
import { Loaded } from '../../ui/loaded.tsx'
import { MenuItem, MenuLine, RowMenu } from '../../ui/menu.tsx'
import { Empty, PageBody, Panel } from '../../ui/page.tsx'
import { type Column, Table, TableLoading } from '../../ui/table.tsx'
import { useChosen } from '../../ui/use-chosen.ts'
import { ProviderFacts } from './provider-facts.tsx'
import { ProviderForm } from './provider-form.tsx'

/** By whom the people of this tenant are vouched for. */
export function SignInProviders() {
  const tenant = useTenant()
  const providers = useQuery(signInProvidersQuery(tenant.id))
  const looking = useChosen<SignInProvider>()
  const writing = useChosen<SignInProvider | undefined>()
  const ending = useChosen<SignInProvider>()
  const end = useChange({
    run: ({ name }: SignInProvider) => deleteSignInProvider(tenant.id, name),
    says: ({ title }) => `“${title}” is deleted`,
    finish: ending.close,
  })
  const columns: readonly Column<SignInProvider>[] = [
    {
      head: 'Provider',
      cell: provider => (
        <>
          <button
            type="button"
            className="rounded text-left font-medium hover:text-water hover:underline"
            onClick={() => looking.choose(provider)}
          >
            {provider.title}
          </button>
          <span className="block text-sm text-soft">{provider.name}</span>
        </>
      ),
    },
    { head: 'Issuer', wide: true, cell: ({ issuer }) => <code className="[overflow-wrap:anywhere]">{issuer}</code> },
    {
      head: 'New people',
      cell: ({ provisioning }) => (
        <Badge tone={provisioning === 'automatic' ? 'water' : 'plain'}>
          {provisioning === 'automatic' ? 'Become users' : 'Only invited'}
        </Badge>
      ),
    },
    { head: 'Groups', wide: true, cell: ({ groups }) => <span className="tabular-nums">{groups.length}</span> },
    {
      head: 'Actions',
      quiet: true,
      className: 'w-0',
      cell: provider => (
        <RowMenu name={provider.title}>
          <MenuItem onClick={() => looking.choose(provider)}>Show</MenuItem>
          <MenuItem onClick={() => writing.choose(provider)}>Change</MenuItem>
          <MenuLine />
          <MenuItem danger onClick={() => ending.choose(provider)}>
            Delete
          </MenuItem>
        </RowMenu>
      ),
    },
  ]
  return (
    <PageBody
      title="Sign-in providers"
      says="By which OpenID providers the people of this tenant sign in, and which groups they bring with them."
      actions={
        <Button look="primary" onClick={() => writing.choose(undefined)}>
          <Plus aria-hidden />
          New provider
        </Button>
      }
    >
      <Panel>
        <Loaded query={providers} loading={<TableLoading columns={columns} rows={3} />}>
          {all =>
            all.length === 0 ? (
              <Empty says="Nobody vouches for people of this tenant yet, so none of them can sign in by a browser." />
            ) : (
              <Table label="Sign-in providers" columns={columns} rows={all} keyOf={({ id }) => id} />
            )
          }
        </Loaded>
      </Panel>
      <ProviderForm
        open={writing.open}
        onOpenChange={writing.onOpenChange}
        provider={writing.value}
        onMade={looking.choose}
      />
      <ProviderFacts open={looking.open} onOpenChange={looking.onOpenChange} provider={looking.value} />
      <Confirm
        open={ending.open}
        onOpenChange={ending.onOpenChange}
        title={`Delete “${ending.value?.title}”?`}
        says="Whoever it signed in is out at once, and leaves the groups that it put them in. The users stay, with the roles they have themselves. That can't be undone."
        action="Delete"
        change={end}
        onConfirm={() => ending.value && end.mutate(ending.value)}
      />
    </PageBody>
  )
}
