import type { Usage } from '../../../../src/api/index.ts'
import { bytes } from '../../ui/bytes.ts'
import { cx } from '../../ui/cx.ts'

type State = Usage['quotas'][number]['state']

const STATES: Record<State, { tone: string; says: string }> = {
  ok: { tone: 'text-water', says: '' },
  near: { tone: 'text-warn', says: '; soon full' },
  full: { tone: 'text-danger', says: '; pushes are refused' },
}

/** How much of what there may be is there; the words say all that the bar does. */
export function Meter({ label, used, most, state }: { label: string; used: number; most: number; state: State }) {
  const { tone, says } = STATES[state]
  const part = Math.round((used / most) * 100)
  return (
    <div>
      <div className="flex flex-wrap items-baseline justify-between gap-x-4">
        <span className="min-w-0 font-medium [overflow-wrap:anywhere]">{label}</span>
        <span className={cx('tabular-nums', state === 'ok' ? 'text-soft' : tone)}>
          {bytes(used)} of {bytes(most)}, {part.toLocaleString()} %{says}
        </span>
      </div>
      <svg aria-hidden="true" width="100%" height="8" className={cx('mt-1 rounded-full bg-sunk', tone)}>
        <rect width={`${Math.min(100, part)}%`} height="8" fill="currentColor" />
      </svg>
    </div>
  )
}
