import { useQueryClient } from '@tanstack/react-query'
import { changeRow, type Place, untag } from '../../api/content.ts'
import { useChange } from '../../app/use-change.ts'
import { Confirm } from '../../ui/dialog.tsx'

type Props = {
  place: Place
  repository: string
  /** Undefined: none is asked for. */
  tag: string | undefined
  onDone: () => void
}

/** Takes a name off a manifest. */
export function Untag({ place, repository, tag, onDone }: Props) {
  const queryClient = useQueryClient()
  const untagging = useChange({
    run: (name: string) => untag(place, repository, name),
    says: name => `The tag “${name}” is taken off`,
    finish: (_, name) => {
      changeRow(queryClient, place, { repository, tag: name }, () => undefined)
      onDone()
    },
  })
  return (
    <Confirm
      open={tag !== undefined}
      onOpenChange={onDone}
      title={tag === undefined ? '' : `Take the tag “${tag}” off?`}
      says="Who pulls by this name is refused at once. The manifest stays, and is reached by its digest and by what other tags it has."
      action="Untag"
      change={untagging}
      onConfirm={() => tag !== undefined && untagging.mutate(tag)}
    />
  )
}
