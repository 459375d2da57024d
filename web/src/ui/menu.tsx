import { Menu as Base } from '@base-ui/react/menu'
import { Check, ChevronDown, MoreHorizontal } from 'lucide-react'
import type { ReactElement, ReactNode } from 'react'
import { Button, buttonLook } from './button.tsx'
import { cx } from './cx.ts'

const ITEM = cx(
  'flex min-h-8 cursor-default items-center gap-2 rounded px-2.5 py-1 outline-none select-none',
  'data-disabled:opacity-50 data-highlighted:bg-wash [&_svg]:size-4 [&_svg]:shrink-0',
)

export const POPUP = cx(
  'max-h-(--available-height) min-w-44 overflow-y-auto rounded-md border border-edge/50 bg-raised p-1 text-ink',
  'shadow-lg shadow-black/15 outline-none',
)

/** `trigger`: a button. */
export function Menu({
  trigger,
  align = 'end',
  children,
}: {
  trigger: ReactElement
  align?: 'start' | 'end'
  children: ReactNode
}) {
  return (
    <Base.Root>
      <Base.Trigger render={trigger} />
      <Base.Portal>
        <Base.Positioner align={align} sideOffset={4} className="z-20">
          <Base.Popup className={POPUP}>{children}</Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  )
}

/** What can be done to a row of a table; `name` says which one to who listens. */
export function RowMenu({ name, children }: { name: string; children: ReactNode }) {
  const trigger = (
    <Button look="ghost" size="icon" aria-label={`Actions for ${name}`}>
      <MoreHorizontal aria-hidden />
    </Button>
  )
  return <Menu trigger={trigger}>{children}</Menu>
}

/** The button of a row in a list of any length, whose rows share one `MenuAt`: a menu a row is dear while one scrolls. */
export function RowMenuButton({ name, onOpen }: { name: string; onOpen: (at: HTMLElement) => void }) {
  return (
    <button
      type="button"
      aria-haspopup="menu"
      aria-label={`Actions for ${name}`}
      className={buttonLook('ghost', 'icon')}
      onClick={event => onOpen(event.currentTarget)}
    >
      <MoreHorizontal aria-hidden />
    </button>
  )
}

type MenuAtProps = {
  /** What it hangs from, and what has the focus once it is shut. */
  at: HTMLElement | undefined
  open: boolean
  onOpenChange: (open: boolean) => void
  children: ReactNode
}

export function MenuAt({ at, open, onOpenChange, children }: MenuAtProps) {
  return (
    <Base.Root open={open} onOpenChange={onOpenChange}>
      <Base.Portal>
        <Base.Positioner anchor={at ?? null} align="end" sideOffset={4} className="z-20">
          <Base.Popup className={POPUP} finalFocus={() => at}>
            {children}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  )
}

/** What can be done to the thing that a page is about. */
export function PageMenu({ children }: { children: ReactNode }) {
  const trigger = (
    <Button>
      Actions
      <ChevronDown aria-hidden />
    </Button>
  )
  return <Menu trigger={trigger}>{children}</Menu>
}

type ItemProps = { children: ReactNode; danger?: boolean; disabled?: boolean; onClick: () => void }

export function MenuItem({ children, danger = false, disabled = false, onClick }: ItemProps) {
  return (
    <Base.Item disabled={disabled} className={cx(ITEM, danger && 'text-danger')} onClick={onClick}>
      {children}
    </Base.Item>
  )
}

export function MenuLine() {
  return <Base.Separator className="my-1 h-px bg-line" />
}

type ChoiceProps<T extends string> = {
  label: string
  value: T
  options: readonly { value: T; label: string }[]
  onChange: (value: T) => void
}

/** One of a few, the one that holds ticked. */
export function MenuChoice<T extends string>({ label, value, options, onChange }: ChoiceProps<T>) {
  return (
    <Base.Group>
      <Base.GroupLabel className="px-2.5 py-1 text-sm text-soft">{label}</Base.GroupLabel>
      <Base.RadioGroup value={value} onValueChange={onChange}>
        {options.map(option => (
          <Base.RadioItem key={option.value} value={option.value} className={ITEM} closeOnClick>
            <span className="flex size-4 items-center">
              <Base.RadioItemIndicator>
                <Check aria-hidden />
              </Base.RadioItemIndicator>
            </span>
            {option.label}
          </Base.RadioItem>
        ))}
      </Base.RadioGroup>
    </Base.Group>
  )
}
