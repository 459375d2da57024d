import { useQueryClient } from '@tanstack/react-query'
import type { Place } from '../../api/content.ts'
import { type Lost, listsChanged, purge } from '../../api/deleted.ts'
import { useChange } from '../../app/use-change.ts'
import { Confirm } from '../../ui/dialog.tsx'
import { lostWords } from './restore.tsx'

type Props = {
  place: Place
  /** Undefined: nothing is asked for. */
  what: Lost | undefined
  onDone: () => void
}

/** Takes something out of the trash for good, before its time. */
export function Purge({ place, what, onDone }: Props) {
  const queryClient = useQueryClient()
  const purging = useChange({
    run: (lost: Lost) => purge(place, lost),
    says: lost => `Purged: ${lostWords(lost)}`,
    finish: () => {
      onDone()
      return listsChanged(queryClient, place)
    },
  })
  return (
    <Confirm
      open={what !== undefined}
      onOpenChange={onDone}
      title={what === undefined ? '' : `Purge ${lostWords(what)}?`}
      says="It can not be restored after that. What of it is still in use elsewhere stays there."
      action="Purge"
      change={purging}
      onConfirm={() => what !== undefined && purging.mutate(what)}
    />
  )
}
