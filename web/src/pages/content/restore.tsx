import { useQueryClient } from '@tanstack/react-query'
import type { Restored } from '../../../../src/api/index.ts'
import type { Place } from '../../api/content.ts'
import { type Lost, listsChanged, restore } from '../../api/deleted.ts'
import { useChange } from '../../app/use-change.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog, DialogActions } from '../../ui/dialog.tsx'
import { shortDigest } from '../../ui/digest.tsx'
import { Check } from '../../ui/field.tsx'
import { FormDialog } from '../../ui/form-dialog.tsx'
import { plural } from '../../ui/plural.ts'
import { useSay } from '../../ui/toast.tsx'
import { type Chosen, useChosen } from '../../ui/use-chosen.ts'

type Props = { place: Place; asked: Chosen<Lost> }

/** Pushes something again out of the trash. */
export function Restore({ place, asked }: Props) {
  const queryClient = useQueryClient()
  const say = useSay()
  const left = useChosen<Restored>()
  const restoring = useChange({
    run: ({ lost, force }: { lost: Lost; force: boolean }) => restore(place, lost, force),
    finish: async done => {
      asked.close()
      if (done.inUse.length + done.incomplete.length > 0) left.choose(done)
      else say(`Restored: ${plural(done.manifests, 'manifest')}, ${plural(done.tags, 'tag')}`)
      await listsChanged(queryClient, place)
    },
  })
  return (
    <>
      <FormDialog
        open={asked.open}
        onOpenChange={asked.onOpenChange}
        title={asked.value ? `Restore ${lostWords(asked.value)}?` : ''}
        says="It is pushed again as it was, with all that it needs. It can be pulled at once."
        action="Restore"
        change={restoring}
        read={fields => asked.value && { lost: asked.value, force: fields.has('force') }}
      >
        <Check
          name="force"
          label="Move tags that are in use"
          hint="Else a tag that leads elsewhere by now stays as it is."
        />
      </FormDialog>
      <Dialog open={left.open} onOpenChange={left.onOpenChange} title="Not all came back">
        {left.value ? <Left restored={left.value} onClose={left.close} /> : null}
      </Dialog>
    </>
  )
}

function Left({ restored, onClose }: { restored: Restored; onClose: () => void }) {
  const { manifests, tags, inUse, incomplete } = restored
  return (
    <div className="flex flex-col gap-2 pt-1 [overflow-wrap:anywhere]">
      <p>
        Restored: {plural(manifests, 'manifest')}, {plural(tags, 'tag')}.
      </p>
      {inUse.length > 0 ? <p>In use, locked or immutable, so kept as they are: {inUse.join(', ')}.</p> : null}
      {incomplete.length > 0 ? (
        <p>Something that they need is gone for good: {incomplete.map(shortDigest).join(', ')}.</p>
      ) : null}
      <DialogActions>
        <Button look="primary" onClick={onClose}>
          Close
        </Button>
      </DialogActions>
    </div>
  )
}

export function lostWords({ repository, tag, digest }: Lost): string {
  if (tag !== undefined) return `the tag “${tag}”`
  return digest === undefined ? `all of “${repository}”` : shortDigest(digest)
}
