import { Plus } from 'lucide-react'
import { useState } from 'react'
import { Button } from '../../ui/button.tsx'
import { Field, TextInput } from '../../ui/field.tsx'
import type { DocumentOutline } from './read-document.ts'

/** Ids of another directory, and what they are here. */
export function IdMap({ foreignIds }: Pick<DocumentOutline, 'foreignIds'>) {
  const [more, setMore] = useState(0)
  return (
    <div className="flex flex-col items-start gap-4 border-t border-line px-4 py-4 max-sm:px-3">
      <p className="max-w-prose text-soft">
        {foreignIds.length > 0
          ? 'These ids are of another directory. Ask the service provider which tenant and which principals they are here, and enter those ids.'
          : 'Where the file was made for another directory, say here which tenant and which principals its ids are.'}
      </p>
      {foreignIds.map(({ id, name }) => (
        <Field key={id} label={name || id} hint={<code>{id}</code>} className="w-full max-w-md">
          <TextInput
            name={`map:${id}`}
            maxLength={100}
            spellCheck={false}
            placeholder={name === 'The managing tenant' ? 'ten_…' : 'prn_…'}
            className="font-mono"
          />
        </Field>
      ))}
      {Array.from({ length: more }, (_, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: rows are only added
        <div key={at} className="grid w-full max-w-3xl gap-3 sm:grid-cols-2">
          <Field label="Id in the file">
            <TextInput name={`from:${at}`} maxLength={100} spellCheck={false} className="font-mono" />
          </Field>
          <Field label="Id here">
            <TextInput name={`to:${at}`} maxLength={100} spellCheck={false} className="font-mono" />
          </Field>
        </div>
      ))}
      <Button size="small" onClick={() => setMore(more + 1)} disabled={more >= 100}>
        <Plus aria-hidden />
        Add an id
      </Button>
    </div>
  )
}

/** What was entered, by the id in the file. */
export function readIdMap(fields: FormData): Record<string, string> {
  const map: [string, string][] = []
  for (const [name, value] of fields) {
    const to = typeof value === 'string' ? value.trim() : ''
    if (name.startsWith('map:')) map.push([name.slice(4), to])
    if (name.startsWith('to:')) map.push([String(fields.get(`from:${name.slice(3)}`) ?? '').trim(), to])
  }
  return Object.fromEntries(map.filter(([from, to]) => from !== '' && to !== ''))
}
