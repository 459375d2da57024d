import { Box, Container, Folder, Landmark, LockKeyhole, type LucideIcon } from 'lucide-react'
import type { Place } from '../../../../src/api/index.ts'
import { cx } from '../../ui/cx.ts'

const ICONS: Readonly<Record<string, LucideIcon>> = { tenant: Landmark, group: Folder, registry: Container }

/** The policy of the page allows no inline style, so depths are classes. */
const INDENTS = ['pl-0', 'pl-5', 'pl-10', 'pl-15', 'pl-20', 'pl-25', 'pl-30', 'pl-35', 'pl-40']

type Props = { place: Place; depth: number; locked: boolean }

export function PlaceName({ place: { kind, name }, depth, locked }: Props) {
  const Icon = ICONS[kind] ?? Box
  return (
    <span
      className={cx(
        'inline-flex items-center align-middle gap-2 font-medium',
        INDENTS[Math.min(depth, INDENTS.length - 1)],
      )}
    >
      <Icon aria-hidden className="size-4 shrink-0 text-soft" />
      {name}
      {locked ? (
        <>
          <LockKeyhole aria-hidden className="size-3.5 shrink-0 text-warn" />
          <span className="sr-only">, locked</span>
        </>
      ) : null}
    </span>
  )
}
