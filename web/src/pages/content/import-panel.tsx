import type { Import } from '../../../../src/api/index.ts'
import { Problem } from '../../api/problem.ts'
import { bytes } from '../../ui/bytes.ts'
import { Facts } from '../../ui/facts.tsx'
import { ProblemNote } from '../../ui/problem-note.tsx'
import { SidePanel } from '../../ui/side-panel.tsx'
import { Time } from '../../ui/time.tsx'
import { ImportProgress } from './import-progress.tsx'

type Props = { one: Import | undefined; open: boolean; onOpenChange: (open: boolean) => void }

/** All about one import, and what went wrong with it. */
export function ImportPanel({ one, open, onOpenChange }: Props) {
  return (
    <SidePanel open={open} onOpenChange={onOpenChange} title={one?.source ?? ''}>
      {one === undefined ? null : <Whole one={one} />}
    </SidePanel>
  )
}

function Whole({ one }: { one: Import }) {
  const { state, repository, tags, allTags, digest, progress, error, problems, failures, startedAt, endedAt } = one
  return (
    <>
      <Facts
        facts={[
          ['To', repository],
          ['Tags', allTags ? `All, ${progress.tags.toLocaleString()} done` : tags.join(', ') || 'None'],
          ...(digest === null ? [] : [['Digest', <code key="digest">{digest}</code>] as const]),
          ...(state === 'running' ? [['Progress', <ImportProgress key="progress" of={one} />] as const] : []),
          ['Manifests', `${progress.manifests.done.toLocaleString()} of ${progress.manifests.total.toLocaleString()}`],
          ['Blobs', `${progress.blobs.done.toLocaleString()} of ${progress.blobs.total.toLocaleString()}`],
          ['Fetched', bytes(progress.fetched)],
          ...(failures > 0 ? [['Tries in vain', failures.toLocaleString()] as const] : []),
          ...(startedAt === null ? [] : [['Started', <Time key="started" at={startedAt} exact />] as const]),
          ...(endedAt === null ? [] : [['Ended', <Time key="ended" at={endedAt} exact />] as const]),
        ]}
      />
      {error === null ? null : <ProblemNote problem={problemOf(error)} className="mx-4 mb-3" />}
      {problems.map(({ tag, ...told }) => (
        <section key={tag} className="px-4 pb-3">
          <h3 className="mb-1 font-medium [overflow-wrap:anywhere]">Tag {tag}</h3>
          <ProblemNote problem={problemOf(told)} />
        </section>
      ))}
    </>
  )
}

type Told = NonNullable<Import['error']>

function problemOf({ code, status, title, detail }: Told): Problem {
  return new Problem({ code, status, says: title, next: detail })
}
