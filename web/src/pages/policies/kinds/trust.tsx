import { Plus, X } from 'lucide-react'
import { useState } from 'react'
import { Button } from '../../../ui/button.tsx'
import { Check, Field, TextArea, TextInput } from '../../../ui/field.tsx'
import type { Kind, SettingsOf } from './kind.ts'

type Settings = SettingsOf['trust']
const MOST_KEYS = 10

export const trust: Kind<Settings> = {
  title: 'Trust signatures',
  says: 'Says by which public keys images are signed, as cosign signs them. Where it refuses, only what one of the keys has signed can be pulled.',
  words({ keys, refuse }) {
    const names = keys.map(({ name }) => `“${name}”`).join(', ')
    return refuse
      ? `Only what is signed by ${names} can be pulled`
      : `Shows what is signed by ${names}; refuses nothing`
  },
  Fields,
  read: fields => {
    const names = fields.getAll('keyName').map(String)
    const texts = fields.getAll('keyText').map(String)
    return {
      keys: names.map((name, at) => ({ name: name.trim(), pem: texts[at] ?? '' })),
      refuse: fields.has('refuse'),
    }
  },
}

function Fields({ settings }: { settings: Settings | undefined }) {
  const [keys, setKeys] = useState(() => (settings?.keys ?? [{ name: '', pem: '' }]).map((key, id) => ({ ...key, id })))
  const next = Math.max(0, ...keys.map(({ id }) => id)) + 1
  return (
    <>
      {keys.map(({ id, name, pem }, at) => (
        <fieldset key={id} className="flex flex-col gap-3 rounded-md border border-line p-3">
          <legend className="sr-only">{`Key ${at + 1}`}</legend>
          <div className="flex items-end gap-2">
            <Field label="Name of the key" className="flex-1">
              <TextInput name="keyName" required maxLength={63} defaultValue={name} placeholder="release" />
            </Field>
            {keys.length > 1 ? (
              <Button
                look="ghost"
                size="icon"
                aria-label={`Without key ${at + 1}`}
                onClick={() => setKeys(keys.filter(key => key.id !== id))}
              >
                <X aria-hidden />
              </Button>
            ) : null}
          </div>
          <Field label="Public key" hint="In PEM, as cosign.pub has it.">
            <TextArea
              name="keyText"
              rows={4}
              required
              maxLength={2000}
              spellCheck={false}
              defaultValue={pem}
              placeholder="-----BEGIN PUBLIC KEY-----"
              className="font-mono text-sm"
            />
          </Field>
        </fieldset>
      ))}
      {keys.length < MOST_KEYS ? (
        <Button size="small" className="self-start" onClick={() => setKeys([...keys, { id: next, name: '', pem: '' }])}>
          <Plus aria-hidden />
          Add a key
        </Button>
      ) : null}
      <Check
        name="refuse"
        defaultChecked={settings?.refuse ?? false}
        label="Refuse to pull what none of them signed"
        hint="Look first at what is signed: clusters that run what is not can pull it no more."
      />
    </>
  )
}
