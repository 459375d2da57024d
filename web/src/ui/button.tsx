import { Button as Base } from '@base-ui/react/button'
import type { ComponentProps } from 'react'
import { cx } from './cx.ts'

type Look = 'primary' | 'plain' | 'ghost' | 'danger'

const LOOKS: Record<Look, string> = {
  primary: 'bg-water text-on-water hover:bg-water-deep border-transparent',
  plain: 'bg-raised text-ink border-edge/60 hover:border-edge hover:bg-sunk',
  ghost: 'border-transparent text-ink hover:bg-wash',
  danger: 'bg-danger text-on-danger hover:bg-danger-deep border-transparent',
}

export function buttonLook(look: Look = 'plain', size: 'normal' | 'small' | 'icon' = 'normal'): string {
  return cx(
    'inline-flex shrink-0 items-center justify-center gap-1.5 rounded-md border font-medium whitespace-nowrap',
    'transition-colors select-none data-disabled:cursor-not-allowed data-disabled:opacity-55 [&_svg]:size-4 [&_svg]:shrink-0',
    size === 'normal' && 'h-9 px-3.5',
    size === 'small' && 'h-7 px-2.5 text-sm',
    size === 'icon' && 'size-8 p-0',
    LOOKS[look],
  )
}

type Props = Omit<ComponentProps<typeof Base>, 'className'> & {
  look?: Look
  size?: 'normal' | 'small' | 'icon'
  /** Its work runs: it can't be pressed again, and keeps its width. */
  busy?: boolean
  className?: string
}

export function Button({ look, size, busy = false, disabled, className, children, type = 'button', ...rest }: Props) {
  return (
    <Base
      type={type}
      disabled={disabled || busy}
      // Busy, it keeps the focus.
      focusableWhenDisabled={busy}
      aria-busy={busy || undefined}
      className={cx(buttonLook(look, size), className)}
      {...rest}
    >
      {children}
    </Base>
  )
}
