import { Lock } from 'lucide-react'
import type { ContentAttributes } from '../../../../src/api/index.ts'

/** Beside the name of what is locked; to be out of lists alone is no lock. */
export function LockMark({ of: { write, delete: goes, read } }: { of: ContentAttributes }) {
  if (write && goes && read) return null
  return <Lock role="img" aria-label="Locked" className="size-3.5 shrink-0 text-soft" />
}
