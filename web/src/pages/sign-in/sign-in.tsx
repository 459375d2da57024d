import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi, useRouter } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { path } from '../../api/call.ts'
import { problemOf } from '../../api/problem.ts'
import { sessionQuery, signIn, signInWaysQuery } from '../../api/session.ts'
import { Mark } from '../../app/mark.tsx'
import { safeReturn } from '../../app/return-path.ts'
import { Button, buttonLook } from '../../ui/button.tsx'
import { cx } from '../../ui/cx.ts'
import { Field, TextInput } from '../../ui/field.tsx'
import { ProblemNote } from '../../ui/problem-note.tsx'
import { callbackProblem } from './callback-problem.ts'

/** The ways in: what the tenant's providers offer, and the platform's own admin. */
export function SignIn() {
  const search = getRouteApi('/sign-in').useSearch() as { return?: string; problem?: string }
  const back = safeReturn(search.return)
  const [tenant, setTenant] = useState('')
  const ways = useQuery(signInWaysQuery(tenant))
  return (
    <main className="mx-auto flex min-h-dvh max-w-sm flex-col justify-center px-5 py-10">
      <title>Sign in · Towpath</title>
      <Mark className="w-14 text-water" />
      <h1 className="mt-4 text-2xl font-semibold tracking-tight">Sign in to Towpath</h1>
      {search.problem === undefined ? null : <ProblemNote problem={callbackProblem(search.problem)} className="mt-5" />}
      <div className="mt-6 flex min-h-72 flex-col gap-5">
        {ways.isPending ? <Waiting /> : null}
        {ways.isError ? <ProblemNote problem={problemOf(ways.error)} /> : null}
        {ways.data === undefined ? null : (
          <>
            <Providers providers={ways.data.providers} back={back} asked={tenant} />
            {ways.data.local && tenant === '' ? (
              <AdminForm back={back} first={ways.data.providers.length === 0} />
            ) : null}
          </>
        )}
        <OtherTenant tenant={tenant} onTenant={setTenant} />
      </div>
    </main>
  )
}

function Waiting() {
  return (
    <div aria-busy="true" className="flex flex-col gap-4">
      <p className="sr-only">Loading</p>
      <div className="skeleton h-14" />
      <div className="skeleton h-14" />
      <div className="skeleton h-9" />
    </div>
  )
}

type ProvidersProps = {
  providers: readonly { tenant: string; name: string; title: string }[]
  back: string
  asked: string
}

function Providers({ providers, back, asked }: ProvidersProps) {
  if (providers.length === 0) {
    return asked === '' ? null : (
      <p role="status" className="text-soft">
        There is no way to sign in to “{asked}”. Check the name, or ask who runs it for an invitation.
      </p>
    )
  }
  return (
    <ul className="flex flex-col gap-2">
      {providers.map(({ tenant, name, title }) => (
        <li key={`${tenant}/${name}`}>
          {/* A page of control, not of the console: it leads on to the provider. */}
          <a
            className={cx(buttonLook('primary'), 'w-full')}
            href={`${path`/auth/oidc/${tenant}/${name}/start`}?return=${encodeURIComponent(back)}`}
          >
            Continue with {title}
          </a>
        </li>
      ))}
    </ul>
  )
}

function AdminForm({ back, first }: { back: string; first: boolean }) {
  const queryClient = useQueryClient()
  const { history } = useRouter()
  const entering = useMutation({
    mutationFn: signIn,
    onSuccess: session => {
      queryClient.setQueryData(sessionQuery.queryKey, session)
      history.push(back)
    },
  })
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const fields = new FormData(event.currentTarget)
    entering.mutate({ username: String(fields.get('username')), password: String(fields.get('password')) })
  }
  return (
    <form onSubmit={submit} className="flex flex-col gap-4">
      {first ? null : (
        <p className="flex items-center gap-3 text-sm text-soft before:h-px before:flex-1 before:bg-line after:h-px after:flex-1 after:bg-line">
          or as the platform’s admin
        </p>
      )}
      <Field label="Username">
        <TextInput
          name="username"
          defaultValue="admin"
          autoComplete="username"
          required
          spellCheck={false}
          autoCapitalize="none"
        />
      </Field>
      <Field label="Password">
        <TextInput name="password" type="password" autoComplete="current-password" required autoFocus={first} />
      </Field>
      {entering.isError ? <ProblemNote problem={problemOf(entering.error)} /> : null}
      <Button type="submit" look={first ? 'primary' : 'plain'} busy={entering.isPending}>
        Sign in
      </Button>
    </form>
  )
}

function OtherTenant({ tenant, onTenant }: { tenant: string; onTenant: (tenant: string) => void }) {
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    onTenant(String(new FormData(event.currentTarget).get('tenant')).trim())
  }
  return (
    <details className="mt-auto border-t border-line pt-4" open={tenant !== ''}>
      <summary className="cursor-pointer text-soft hover:text-ink">Sign in to another tenant</summary>
      <form onSubmit={submit} className="mt-3 flex items-end gap-2">
        <Field label="Name of the tenant" className="flex-1">
          <TextInput name="tenant" defaultValue={tenant} maxLength={100} autoCapitalize="none" spellCheck={false} />
        </Field>
        <Button type="submit">Find</Button>
      </form>
    </details>
  )
}
