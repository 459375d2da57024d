import { useQueryClient } from '@tanstack/react-query'
import { changeRow, type Place, untag } from '../../api/content.ts'
import { useChange } from '../../app/use-change.ts'
import { Confirm } from '../../ui/dialog.tsx'
import type { Chosen } from '../../ui/use-chosen.ts'

type Props = { place: Place; repository: string; asked: Chosen<string> }

/** Takes a name off a manifest. */
export function Untag({ place, repository, asked }: Props) {
  const queryClient = useQueryClient()
  const untagging = useChange({
    run: (name: string) => untag(place, repository, name),
    says: name => `The tag “${name}” is taken off`,
    finish: (_, name) => {
      changeRow(queryClient, place, { repository, tag: name }, () => undefined)
      asked.close()
    },
  })
  return (
    <Confirm
      open={asked.open}
      onOpenChange={asked.onOpenChange}
      title={`Take the tag “${asked.value}” off?`}
      says="Who pulls by this name is refused at once. The manifest stays, and is reached by its digest and by what other tags it has."
      action="Untag"
      change={untagging}
      onConfirm={() => asked.value !== undefined && untagging.mutate(asked.value)}
    />
  )
}
