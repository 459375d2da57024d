import { useMutation } from '@tanstack/react-query'
import { Search } from 'lucide-react'
import { type MouseEvent, useEffect, useRef, useState } from 'react'
import type { Policy, PolicyBody, Swept } from '../../../../src/api/index.ts'
import { previewPolicy } from '../../api/policies.ts'
import { problemOf } from '../../api/problem.ts'
import { Badge } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { plural } from '../../ui/plural.ts'
import { ProblemNote } from '../../ui/problem-note.tsx'
import { type Column, Table } from '../../ui/table.tsx'
import { usePlace } from '../content/use-place.ts'

type Props = { kind: Policy['kind']; read: (fields: FormData) => PolicyBody }
type Item = Swept['items'][number]

/** Those that delete by themselves. */
const DELETING: readonly Policy['kind'][] = ['tags', 'retention']
const SHOWN = 50

/** What the policy would delete if it were saved as the form has it now. */
export function PolicyPreview({ kind, read }: Props) {
  const place = usePlace()
  const looking = useMutation({ mutationFn: (body: PolicyBody) => previewPolicy(place, body) })
  const { reset } = looking
  const section = useRef<HTMLElement>(null)
  // What was found for other fields than these would mislead.
  useEffect(() => {
    const form = section.current?.closest('form')
    const forget = ({ target }: Event) => {
      if (target instanceof HTMLElement && target.hasAttribute('name')) reset()
    }
    form?.addEventListener('input', forget)
    return () => form?.removeEventListener('input', forget)
  }, [reset])
  if (!DELETING.includes(kind)) return null
  const look = ({ currentTarget: { form } }: MouseEvent<HTMLButtonElement>) => {
    if (form?.reportValidity()) looking.mutate(read(new FormData(form)))
  }
  return (
    <section ref={section} className="flex flex-col gap-3 rounded-md border border-line bg-sunk/60 p-3">
      <div className="flex flex-wrap items-center justify-between gap-2">
        <h3 className="font-medium">What it would delete now</h3>
        <Button size="small" busy={looking.isPending} onClick={look}>
          <Search aria-hidden />
          {looking.isPending ? 'Looking …' : 'Look'}
        </Button>
      </div>
      <div role="status">{looking.data ? <Told swept={looking.data} /> : null}</div>
      {looking.data ? <Items items={looking.data.items} /> : null}
      {looking.isError ? <ProblemNote problem={problemOf(looking.error)} /> : null}
    </section>
  )
}

function Told({ swept: { region, tags, manifests, next } }: { swept: Swept }) {
  const goes = [
    ...(tags.goes === 0 ? [] : [`take off ${plural(tags.goes, 'tag')}`]),
    ...(manifests.goes === 0 ? [] : [`delete ${plural(manifests.goes, 'manifest')}`]),
  ]
  return (
    <p>
      {goes.length === 0 ? 'It would delete nothing' : `It would ${goes.join(' and ')}`} in region {region}
      {tags.stays === 0 ? '.' : `; of what it looks at ${plural(tags.stays, 'tag')} would stay.`}
      {next === undefined ? null : ' There was no time to look at all of them.'}
    </p>
  )
}

const WHY: Readonly<Record<string, string>> = {
  unmatched: 'No rule keeps it',
  untagged: 'It has no tag',
  'last-tag': 'Its last tag goes',
  index: 'The index that lists it goes',
  subject: 'What it belongs to goes',
  matching: 'It is kept for its name',
  newest: 'It is among the newest',
  pushed: 'It was pushed since',
  pulled: 'It was pulled since',
  'pulls-unknown': 'Nobody knows yet whether it was pulled',
  'of-kept': 'What it belongs to stays',
  locked: 'It is locked',
  immutable: 'It is immutable',
}

const columns: readonly Column<Item>[] = [
  {
    head: 'What',
    cell: ({ repository, kind, name }) => (
      <span className="[overflow-wrap:anywhere]">
        {kind === 'tag' ? `${repository}:${name}` : `${repository}@${name.slice(0, 19)}…`}
      </span>
    ),
  },
  { head: 'Then', cell: ({ goes }) => <Badge tone={goes ? 'danger' : 'good'}>{goes ? 'Goes' : 'Stays'}</Badge> },
  { head: 'Why', wide: true, cell: ({ why }) => WHY[why] ?? why },
]

function Items({ items }: { items: readonly Item[] }) {
  const [all, setAll] = useState(false)
  const wanted = all ? items : items.filter(({ goes }) => goes)
  if (items.length === 0) return null
  return (
    <div className="rounded-md border border-line bg-raised">
      <div className="flex flex-wrap items-center justify-between gap-2 px-3 py-2">
        <span className="text-sm text-soft">
          {wanted.length > SHOWN
            ? `The first ${SHOWN} of ${wanted.length.toLocaleString()}`
            : plural(wanted.length, 'line')}
        </span>
        <label className="flex items-center gap-2 text-sm">
          <input type="checkbox" checked={all} onChange={event => setAll(event.target.checked)} />
          What stays, too
        </label>
      </div>
      {wanted.length === 0 ? null : (
        <Table
          label="What it would delete"
          columns={columns}
          rows={wanted.slice(0, SHOWN)}
          keyOf={({ repository, kind, name }) => `${repository} ${kind} ${name}`}
        />
      )}
    </div>
  )
}
