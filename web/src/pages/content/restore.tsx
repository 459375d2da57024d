import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
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

type Props = {
  place: Place
  /** Undefined: nothing is asked for. */
  what: Lost | undefined
  onDone: () => void
}

/** Pushes something again out of the trash. */
export function Restore({ place, what, onDone }: Props) {
  const queryClient = useQueryClient()
  const say = useSay()
  const [left, setLeft] = useState<Restored>()
  const restoring = useChange({
    run: ({ lost, force }: { lost: Lost; force: boolean }) => restore(place, lost, force),
    finish: async done => {
      onDone()
      if (done.inUse.length + done.incomplete.length > 0) setLeft(done)
      else say(`Restored: ${plural(done.manifests, 'manifest')}, ${plural(done.tags, 'tag')}`)
      await listsChanged(queryClient, place)
    },
  })
  return (
    <>
      <FormDialog
        open={what !== undefined}
        onOpenChange={onDone}
        title={what === undefined ? '' : `Restore ${lostWords(what)}?`}
        says="It is pushed again as it was, with all that it needs. It can be pulled at once."
        action="Restore"
        change={restoring}
        read={fields => (what === undefined ? undefined : { lost: what, force: fields.has('force') })}
      >
        <Check
          name="force"
          label="Move tags that are in use"
          hint="Else a tag that leads elsewhere by now stays as it is."
        />
      </FormDialog>
      <Dialog open={left !== undefined} onOpenChange={() => setLeft(undefined)} title="Not all came back">
        {left === undefined ? null : (
          <div className="flex flex-col gap-2 pt-1 [overflow-wrap:anywhere]">
            <p>
              Restored: {plural(left.manifests, 'manifest')}, {plural(left.tags, 'tag')}.
            </p>
            {left.inUse.length > 0 ? (
              <p>In use, locked or immutable, so kept as they are: {left.inUse.join(', ')}.</p>
            ) : null}
            {left.incomplete.length > 0 ? (
              <p>Something that they need is gone for good: {left.incomplete.map(shortDigest).join(', ')}.</p>
            ) : null}
            <DialogActions>
              <Button look="primary" onClick={() => setLeft(undefined)}>
                Close
              </Button>
            </DialogActions>
          </div>
        )}
      </Dialog>
    </>
  )
}

export function lostWords({ repository, tag, digest }: Lost): string {
  if (tag !== undefined) return `the tag “${tag}”`
  return digest === undefined ? `all of “${repository}”` : shortDigest(digest)
}
