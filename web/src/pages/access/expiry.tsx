import { Badge } from '../../ui/badge.tsx'
import { Time } from '../../ui/time.tsx'

const SOON_MS = 14 * 86_400_000

/** When it ends by itself, and whether that is near. */
export function Expiry({ at }: { at: number }) {
  const left = at - Date.now()
  return (
    <span className="inline-flex flex-wrap items-center gap-2">
      <Time at={at} />
      {left <= 0 ? <Badge tone="danger">Expired</Badge> : null}
      {left > 0 && left < SOON_MS ? <Badge tone="warn">Soon</Badge> : null}
    </span>
  )
}
