import type { WholeManifest } from '../../../../src/api/index.ts'
import type { Place } from '../../api/content.ts'
import { Button } from '../../ui/button.tsx'
import { Empty, Panel } from '../../ui/page.tsx'
import { plural } from '../../ui/plural.ts'
import { useChosen } from '../../ui/use-chosen.ts'
import { Untag } from './untag.tsx'

type Props = { place: Place; repository: string; manifest: WholeManifest }

/** The names that lead to it. */
export function ManifestTags({ place, repository, manifest: { tags, moreTags } }: Props) {
  const ending = useChosen<string>()
  return (
    <Panel title={`Tags (${(tags.length + moreTags).toLocaleString()})`}>
      {tags.length === 0 ? <Empty says="No tag leads to it: it is reached by its digest." /> : null}
      <ul>
        {tags.map(tag => (
          <li
            key={tag}
            className="flex items-center justify-between gap-3 border-t border-line px-4 py-1 first:border-t-0 max-sm:px-3"
          >
            <span className="min-w-0 [overflow-wrap:anywhere]">{tag}</span>
            <Button look="ghost" size="small" aria-label={`Untag ${tag}`} onClick={() => ending.choose(tag)}>
              Untag
            </Button>
          </li>
        ))}
      </ul>
      {moreTags > 0 ? (
        <p className="border-t border-line px-4 py-2 text-soft">{plural(moreTags, 'tag')} more.</p>
      ) : null}
      <Untag place={place} repository={repository} asked={ending} />
    </Panel>
  )
}
