import { AlertDialog } from '@base-ui/react/alert-dialog'
import { Dialog as Base } from '@base-ui/react/dialog'
import type { UseMutationResult } from '@tanstack/react-query'
import { X } from 'lucide-react'
import type { ReactNode } from 'react'
import { problemOf } from '../api/problem.ts'
import { Button, buttonLook } from './button.tsx'
import { cx } from './cx.ts'
import { ProblemNote } from './problem-note.tsx'

const BACKDROP = 'backdrop transition-opacity duration-150 data-ending-style:opacity-0 data-starting-style:opacity-0'
const POPUP = cx(
  'fixed top-1/2 left-1/2 flex max-h-[calc(100dvh-2rem)] w-[calc(100vw-2rem)] -translate-x-1/2 -translate-y-1/2 flex-col',
  'rounded-lg border border-line bg-raised text-ink shadow-xl shadow-black/20 transition-opacity duration-150',
  'data-ending-style:opacity-0 data-starting-style:opacity-0',
)

type DialogProps = {
  open: boolean
  onOpenChange: (open: boolean) => void
  title: string
  says?: ReactNode
  children: ReactNode
  wide?: boolean
  /** What is in it would be lost: a press outside doesn't close it. */
  keep?: boolean
}

export function Dialog({ open, onOpenChange, title, says, children, wide = false, keep = false }: DialogProps) {
  return (
    <Base.Root open={open} onOpenChange={onOpenChange} disablePointerDismissal={keep}>
      <Base.Portal>
        <Base.Backdrop className={BACKDROP} />
        <Base.Popup className={cx(POPUP, wide ? 'max-w-2xl' : 'max-w-md')}>
          <header className="flex items-start gap-4 px-5 pt-4 pb-1">
            <div className="min-w-0 flex-1">
              <Base.Title className="text-base font-semibold">{title}</Base.Title>
              {says === undefined ? null : <Base.Description className="mt-1 text-soft">{says}</Base.Description>}
            </div>
            <Base.Close className={cx(buttonLook('ghost', 'icon'), '-mr-2')} aria-label="Close">
              <X aria-hidden />
            </Base.Close>
          </header>
          <div className="min-h-0 overflow-y-auto px-5 pt-2 pb-5">{children}</div>
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  )
}

/** The row of buttons that a form in a dialog ends with. */
export function DialogActions({ children }: { children: ReactNode }) {
  return <div className="mt-5 flex flex-wrap justify-end gap-2">{children}</div>
}

type ConfirmProps = {
  open: boolean
  onOpenChange: (open: boolean) => void
  /** A question that names the thing: `Delete "robot"?` */
  title: string
  /** What will happen, and what will not. */
  says: ReactNode
  /** The verb: `Delete`. */
  action: string
  /** What the press does. What control refuses is forgotten with the question. */
  change: Pick<UseMutationResult<unknown, Error>, 'isPending' | 'error' | 'reset'>
  onConfirm: () => void
}

/** Asked before anything that can't be undone, or that takes something away from somebody. */
export function Confirm({ open, onOpenChange, title, says, action, change, onConfirm }: ConfirmProps) {
  const { isPending, error, reset } = change
  const toggle = (next: boolean) => {
    reset()
    onOpenChange(next)
  }
  return (
    <AlertDialog.Root open={open} onOpenChange={toggle}>
      <AlertDialog.Portal>
        <AlertDialog.Backdrop className={BACKDROP} />
        <AlertDialog.Popup className={cx(POPUP, 'max-w-md p-5')}>
          <AlertDialog.Title className="text-base font-semibold [overflow-wrap:anywhere]">{title}</AlertDialog.Title>
          <AlertDialog.Description className="mt-1.5 text-soft" render={<div />}>
            {says}
          </AlertDialog.Description>
          {error ? <ProblemNote problem={problemOf(error)} className="mt-3" /> : null}
          <DialogActions>
            <AlertDialog.Close className={buttonLook('plain')}>Cancel</AlertDialog.Close>
            <Button look="danger" busy={isPending} onClick={onConfirm}>
              {action}
            </Button>
          </DialogActions>
        </AlertDialog.Popup>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  )
}
