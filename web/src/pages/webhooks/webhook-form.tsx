import { useState } from 'react'
import type { Webhook, WebhookBody, WebhookChange } from '../../../../src/api/index.ts'
import { changeWebhook, makeWebhook } from '../../api/webhooks.ts'
import { useChange } from '../../app/use-change.ts'
import { Check, Field, Select, TextArea, TextInput } from '../../ui/field.tsx'
import { FormDialog, linesOf, textOf } from '../../ui/form-dialog.tsx'
import { ACTIONS, FORMATS } from './words.ts'

type Props = { registry: string; open: boolean; onOpenChange: (open: boolean) => void }

export function MakeWebhook({ registry, open, onOpenChange, onMade }: Props & { onMade: (made: Webhook) => void }) {
  const making = useChange({
    run: (body: WebhookBody) => makeWebhook(registry, body),
    finish: made => {
      onOpenChange(false)
      onMade(made)
    },
  })
  return (
    <FormDialog
      open={open}
      onOpenChange={onOpenChange}
      title="New webhook"
      says="Each request is signed by a key that is shown once, when the webhook is made."
      action="Create"
      wide
      change={making}
      read={fields => ({
        ...settingsIn(fields),
        name: textOf(fields, 'name'),
        serviceUri: textOf(fields, 'serviceUri'),
        customHeaders: headersIn(fields),
      })}
    >
      <Field label="Name" hint="Letters and digits, 5 to 50 in all.">
        <TextInput name="name" required minLength={5} maxLength={50} pattern="[A-Za-z0-9]+" />
      </Field>
      <Field label="Send to" hint="Only its host is shown later: the rest may be a secret.">
        <TextInput name="serviceUri" type="url" required maxLength={2000} placeholder="https://ci.example.com/hook" />
      </Field>
      <Settings actions={['push']} scope="" format="acr" />
      <Headers />
    </FormDialog>
  )
}

export function ChangeWebhook({ registry, webhook, open, onOpenChange }: Props & { webhook: Webhook }) {
  const { name, service, headerNames } = webhook
  const [replaces, setReplaces] = useState(false)
  const changing = useChange({
    run: (body: WebhookChange) => changeWebhook(registry, name, body),
    says: () => `“${name}” is changed; regions follow within seconds`,
    finish: () => onOpenChange(false),
  })
  return (
    <FormDialog
      open={open}
      onOpenChange={next => {
        setReplaces(false)
        onOpenChange(next)
      }}
      title={`Webhook “${name}”`}
      action="Save"
      wide
      change={changing}
      read={(fields): WebhookChange => {
        const serviceUri = textOf(fields, 'serviceUri')
        return {
          ...settingsIn(fields),
          ...(serviceUri === '' ? {} : { serviceUri }),
          ...(replaces ? { customHeaders: headersIn(fields) } : {}),
        }
      }}
    >
      <Field label="Send elsewhere" hint={`Empty: it stays at ${service}.`}>
        <TextInput name="serviceUri" type="url" maxLength={2000} />
      </Field>
      <Settings {...webhook} />
      <Check
        checked={replaces}
        onChange={event => setReplaces(event.target.checked)}
        label="Replace its headers"
        hint={
          headerNames.length === 0 ? 'It has none.' : `It has ${headerNames.join(', ')}. Their values are not shown.`
        }
      />
      {replaces ? <Headers /> : null}
    </FormDialog>
  )
}

function Settings({ actions, scope, format }: Pick<Webhook, 'actions' | 'scope' | 'format'>) {
  return (
    <>
      <fieldset className="flex flex-col gap-1.5">
        <legend className="mb-1 font-medium">Tell it when</legend>
        {ACTIONS.map(({ value, says }) => (
          <Check key={value} name="actions" value={value} defaultChecked={actions.includes(value)} label={says} />
        ))}
      </fieldset>
      <Field
        label="Of which repositories"
        hint="A repository and its tags, as team/app:*, or one tag, as team/app:v1. Empty: of all."
      >
        <TextInput name="scope" maxLength={400} defaultValue={scope} spellCheck={false} />
      </Field>
      <Field label="What is sent">
        <Select name="format" defaultValue={format} options={FORMATS} />
      </Field>
    </>
  )
}

function Headers() {
  return (
    <Field
      label="Headers sent along"
      hint="One a line, as Authorization: Bearer … Their values are kept sealed and never shown."
    >
      <TextArea name="headers" rows={2} autoComplete="off" spellCheck={false} className="font-mono" />
    </Field>
  )
}

function settingsIn(fields: FormData): Pick<WebhookBody, 'actions' | 'scope' | 'format'> {
  const chosen = fields.getAll('actions')
  return {
    actions: ACTIONS.flatMap(({ value }) => (chosen.includes(value) ? [value] : [])),
    scope: textOf(fields, 'scope'),
    format: textOf(fields, 'format') === 'cloudevents' ? 'cloudevents' : 'acr',
  }
}

/** A line without a colon is a header without a name, which control refuses with words. */
function headersIn(fields: FormData): Record<string, string> {
  const pairs = linesOf(fields, 'headers').map(line => {
    const at = line.indexOf(':')
    return [line.slice(0, Math.max(0, at)).trim(), line.slice(at + 1).trim()] as const
  })
  return Object.fromEntries(pairs)
}
