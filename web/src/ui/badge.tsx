import type { ReactNode } from 'react'
import { cx } from './cx.ts'

const TONES = {
  plain: 'bg-sunk text-soft border-line',
  water: 'bg-wash text-water border-water/25',
  good: 'bg-good-wash text-good border-good/25',
  warn: 'bg-warn-wash text-warn border-warn/25',
  danger: 'bg-danger-wash text-danger border-danger/25',
}

export type Tone = keyof typeof TONES

export function Badge({ tone = 'plain', children }: { tone?: Tone; children: ReactNode }) {
  return (
    <span
      className={cx(
        'inline-flex items-center gap-1 rounded border px-1.5 text-xs leading-5 font-medium whitespace-nowrap',
        TONES[tone],
      )}
    >
      {children}
    </span>
  )
}
