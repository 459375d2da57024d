import { Dialog } from '@base-ui/react/dialog'
import { X } from 'lucide-react'
import type { ReactNode } from 'react'
import { buttonLook } from './button.tsx'
import { cx } from './cx.ts'

type Props = {
  open: boolean
  onOpenChange: (open: boolean) => void
  title: string
  /** Beside the button that closes it. */
  actions?: ReactNode
  children: ReactNode
}

/** All about one thing of a list, beside the list; a phone shows nothing else meanwhile. */
export function SidePanel({ open, onOpenChange, title, actions, children }: Props) {
  return (
    <Dialog.Root open={open} onOpenChange={onOpenChange}>
      <Dialog.Portal>
        <Dialog.Backdrop className="fixed inset-0 bg-black/40 transition-opacity duration-150 data-ending-style:opacity-0 data-starting-style:opacity-0" />
        <Dialog.Popup className="fixed inset-y-0 right-0 flex w-full flex-col border-l border-line bg-raised text-ink shadow-xl shadow-black/20 transition-transform duration-150 data-ending-style:translate-x-full data-starting-style:translate-x-full sm:w-136">
          <header className="flex min-h-14 items-center gap-2 border-b border-line px-4 py-2">
            <Dialog.Title className="min-w-0 flex-1 text-base font-semibold [overflow-wrap:anywhere]">
              {title}
            </Dialog.Title>
            {actions}
            <Dialog.Close className={cx(buttonLook('ghost', 'icon'), '-mr-1')} aria-label="Close">
              <X aria-hidden />
            </Dialog.Close>
          </header>
          <div className="min-h-0 flex-1 overflow-y-auto">{children}</div>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  )
}
