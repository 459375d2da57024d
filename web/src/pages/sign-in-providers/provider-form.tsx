import type { SignInProvider, SignInProviderBody, SignInProviderChange } from '../../../../src/api/index.ts'
import { changeSignInProvider, makeSignInProvider } from '../../api/sign-in-providers.ts'
import { useTenant } from '../../app/tenant.ts'
import { useChange } from '../../app/use-change.ts'
import { Field, Select, TextInput } from '../../ui/field.tsx'
import { FormDialog, textOf } from '../../ui/form-dialog.tsx'
import { GroupRows, groupsOf } from './group-rows.tsx'

type Props = {
  open: boolean
  onOpenChange: (open: boolean) => void
  /** Undefined: a new one. */
  provider: SignInProvider | undefined
  onMade: (provider: SignInProvider) => void
}

type Input = { make: SignInProviderBody } | { name: string; change: SignInProviderChange }

/** Its address and client can't be changed later: who was signed in by them would be somebody else. */
export function ProviderForm({ open, onOpenChange, provider, onMade }: Props) {
  const tenant = useTenant()
  const change = useChange({
    run: (input: Input) =>
      'make' in input
        ? makeSignInProvider(tenant.id, input.make)
        : changeSignInProvider(tenant.id, input.name, input.change),
    says: input => ('make' in input ? `“${input.make.title}” is added` : 'The provider is changed'),
    finish: (made, input) => {
      onOpenChange(false)
      if ('make' in input) onMade(made)
    },
  })
  const read = (fields: FormData): Input => {
    const common = {
      title: textOf(fields, 'title'),
      scopes: textOf(fields, 'scopes').split(/\s+/),
      groupsClaim: textOf(fields, 'groupsClaim'),
      provisioning: textOf(fields, 'provisioning') === 'automatic' ? ('automatic' as const) : ('invited' as const),
      invitedBy: textOf(fields, 'invitedBy') === 'username' ? ('username' as const) : ('mail' as const),
      groups: groupsOf(fields),
    }
    const clientSecret = textOf(fields, 'clientSecret')
    if (provider) {
      return { name: provider.name, change: { ...common, ...(clientSecret === '' ? {} : { clientSecret }) } }
    }
    const texts = { name: textOf(fields, 'name'), issuer: textOf(fields, 'issuer') }
    return { make: { ...common, ...texts, clientId: textOf(fields, 'clientId'), clientSecret } }
  }
  return (
    <FormDialog
      open={open}
      onOpenChange={onOpenChange}
      title={provider ? `Change “${provider.title}”` : 'New sign-in provider'}
      says={provider ? undefined : 'Any OpenID Connect provider: Entra ID, Keycloak, Okta, GitLab and others.'}
      action={provider ? 'Change' : 'Add'}
      change={change}
      read={read}
      wide
    >
      <div className="grid gap-4 sm:grid-cols-2">
        <Field label="Title" hint="What people read on the button.">
          <TextInput name="title" defaultValue={provider?.title} maxLength={100} required />
        </Field>
        {provider ? null : (
          <>
            <Field label="Name" hint="In addresses; it can’t be changed later.">
              <TextInput name="name" maxLength={50} required spellCheck={false} />
            </Field>
            <Field label="Issuer" hint="Its address, as its tokens have it." className="sm:col-span-2">
              <TextInput name="issuer" type="url" placeholder="https://" maxLength={500} required />
            </Field>
            <Field label="Client id">
              <TextInput name="clientId" maxLength={500} required spellCheck={false} />
            </Field>
          </>
        )}
        <Field
          label="Client secret"
          hint={
            provider ? 'Left empty, the one it has stays. It can’t be shown.' : 'Kept sealed, and never shown again.'
          }
        >
          <TextInput
            name="clientSecret"
            type="password"
            autoComplete="new-password"
            maxLength={2000}
            required={!provider}
          />
        </Field>
        <Field label="Who comes for the first time" hint="Invited: a user was made here before.">
          <Select
            name="provisioning"
            defaultValue={provider?.provisioning ?? 'invited'}
            options={[
              { value: 'invited', label: 'Is refused unless invited' },
              { value: 'automatic', label: 'Becomes a user without roles' },
            ]}
          />
        </Field>
        <Field label="Whose name an invited user has" hint="User names only where nobody can choose his own.">
          <Select
            name="invitedBy"
            defaultValue={provider?.invitedBy ?? 'mail'}
            options={[
              { value: 'mail', label: 'That of the verified mail address' },
              { value: 'username', label: 'That of the user name there' },
            ]}
          />
        </Field>
        <Field label="Scopes" hint="openid among them, with spaces between.">
          <TextInput
            name="scopes"
            defaultValue={provider?.scopes.join(' ') ?? 'openid profile email'}
            required
            spellCheck={false}
          />
        </Field>
        <Field label="Groups claim" hint="Which claim says somebody’s groups; empty where none is looked at.">
          <TextInput name="groupsClaim" defaultValue={provider?.groupsClaim} maxLength={200} spellCheck={false} />
        </Field>
      </div>
      <GroupRows initial={provider?.groups ?? []} />
    </FormDialog>
  )
}
