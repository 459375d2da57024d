import { useQueryClient } from '@tanstack/react-query'
import type { Place } from '../../api/content.ts'
import { type Lost, listsChanged, purge } from '../../api/deleted.ts'
import { useChange } from '../../app/use-change.ts'
import { Confirm } from '../../ui/dialog.tsx'
import type { Chosen } from '../../ui/use-chosen.ts'
import { lostWords } from './restore.tsx'

type Props = { place: Place; asked: Chosen<Lost> }

/** Takes something out of the trash for good, before its time. */
export function Purge({ place, asked }: Props) {
  const queryClient = useQueryClient()
  const purging = useChange({
    run: (lost: Lost) => purge(place, lost),
    says: lost => `Purged: ${lostWords(lost)}`,
    finish: () => {
      asked.close()
      return listsChanged(queryClient, place)
    },
  })
  return (
    <Confirm
      open={asked.open}
      onOpenChange={asked.onOpenChange}
      title={asked.value ? `Purge ${lostWords(asked.value)}?` : ''}
      says="It can not be restored after that. What of it is still in use elsewhere stays there."
      action="Purge"
      change={purging}
      onConfirm={() => asked.value && purging.mutate(asked.value)}
    />
  )
}
