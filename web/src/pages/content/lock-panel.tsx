import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { AttributesBody, ContentAttributes } from '../../../../src/api/index.ts'
import { changeRow, type Place, type Subject, setLocks } from '../../api/content.ts'
import { problemOf } from '../../api/problem.ts'
import { useChange } from '../../app/use-change.ts'
import { Check } from '../../ui/field.tsx'
import { Panel } from '../../ui/page.tsx'
import { ProblemNote } from '../../ui/problem-note.tsx'

type Field = keyof ContentAttributes
type Props = { place: Place; subject: Subject; attributes: ContentAttributes }

const FIELDS: readonly (readonly [field: Field, label: string, hint: string])[] = [
  ['write', 'May be changed', 'Off: it can be neither overwritten nor deleted.'],
  ['delete', 'May be deleted', 'Off: neither by hand nor by a policy.'],
  ['read', 'May be pulled', 'Off: every pull is refused.'],
  ['list', 'Shown in lists', 'Off: it is reached by its name only, here by the address of this page.'],
]

/** The four locks that a repository, a tag or a manifest has; each takes effect at once. */
export function LockPanel({ place, subject, attributes }: Props) {
  return (
    <Panel title="Locks">
      <div className="px-4 py-3 max-sm:px-3">
        <LockFields place={place} subject={subject} attributes={attributes} />
      </div>
    </Panel>
  )
}

export function LockFields({ place, subject, attributes }: Props) {
  const queryClient = useQueryClient()
  const setting = useChange({
    run: (set: AttributesBody) => setLocks(place, subject, set),
    says: set => (Object.values(set)[0] ? 'Unlocked' : 'Locked'),
    finish: (_, set) =>
      changeRow(queryClient, place, subject, row => ({
        ...row,
        attributes: { ...row.attributes, ...set } as ContentAttributes,
      })),
  })
  // Ticked at once, before anybody answered.
  const [wanted, setWanted] = useState<AttributesBody>({})
  const ask = (set: AttributesBody) => {
    setWanted(set)
    setting.mutate(set, { onSettled: () => setWanted({}) })
  }
  return (
    <div className="flex flex-col gap-3">
      {FIELDS.map(([field, label, hint]) => (
        <Check
          key={field}
          label={label}
          hint={hint}
          checked={wanted[field] ?? attributes[field]}
          onChange={event => ask({ [field]: event.currentTarget.checked })}
        />
      ))}
      {setting.isError ? <ProblemNote problem={problemOf(setting.error)} /> : null}
    </div>
  )
}
