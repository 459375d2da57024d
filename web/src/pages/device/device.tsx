import { useMutation, useQuery } from '@tanstack/react-query'
import { getRouteApi, useNavigate } from '@tanstack/react-router'
import type { FormEvent } from 'react'
import type { Device as DeviceRequest } from '../../../../src/api/index.ts'
import { answerDevice, deviceQuery } from '../../api/device.ts'
import { problemOf } from '../../api/problem.ts'
import { useSession } from '../../app/tenant.ts'
import { Button } from '../../ui/button.tsx'
import { Field, TextInput } from '../../ui/field.tsx'
import { Loaded } from '../../ui/loaded.tsx'
import { PageBody, Panel } from '../../ui/page.tsx'
import { ProblemNote } from '../../ui/problem-note.tsx'
import { Time } from '../../ui/time.tsx'

/** Where `towpath login` sends somebody: is it you who signs in there? */
export function Device() {
  const { code = '' }: { code?: string } = getRouteApi('/frame/device').useSearch()
  const navigate = useNavigate()
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const typed = String(new FormData(event.currentTarget).get('code')).trim().toUpperCase()
    navigate({ to: '/device', search: { code: typed } })
  }
  return (
    <PageBody title="Sign in a command line" says="For towpath login on this or another machine.">
      <div className="max-w-lg">
        {code === '' ? (
          <Panel>
            <form onSubmit={submit} className="flex flex-col items-start gap-4 p-4">
              <Field label="Code" hint="As the command line shows it." className="w-full">
                <TextInput name="code" required maxLength={20} autoCapitalize="characters" spellCheck={false} />
              </Field>
              <Button type="submit" look="primary">
                Continue
              </Button>
            </form>
          </Panel>
        ) : (
          <Asked key={code} code={code} />
        )}
      </div>
    </PageBody>
  )
}

function Asked({ code }: { code: string }) {
  const request = useQuery(deviceQuery(code))
  return (
    <Panel>
      <Loaded query={request} loading={<div className="skeleton m-4 h-40" />}>
        {data => <Question request={data} />}
      </Loaded>
    </Panel>
  )
}

function Question({ request }: { request: DeviceRequest }) {
  const { principal } = useSession()
  const answering = useMutation({ mutationFn: (allow: boolean) => answerDevice(request.userCode, allow) })
  if (answering.isSuccess) {
    return (
      <p role="status" className="p-4">
        {answering.variables
          ? 'The command line is signed in. You can close this page.'
          : 'It was refused. You can close this page.'}
      </p>
    )
  }
  return (
    <div className="flex flex-col gap-4 p-4">
      <p className="font-mono text-2xl font-semibold tracking-widest">{request.userCode}</p>
      <p>
        Whoever sees this code on a terminal will be signed in there as <strong>{principal.name}</strong>, with all that
        you may do, for 30 days or until you sign it out. Allow it only if you started it yourself just now.
      </p>
      <p className="text-soft">
        It asked <Time at={request.createdAt} /> from <code>{request.address}</code>.
      </p>
      {answering.isError ? <ProblemNote problem={problemOf(answering.error)} /> : null}
      <div className="flex gap-2">
        <Button look="primary" busy={answering.isPending} onClick={() => answering.mutate(true)}>
          Allow
        </Button>
        <Button busy={answering.isPending} onClick={() => answering.mutate(false)}>
          Refuse
        </Button>
      </div>
    </div>
  )
}
