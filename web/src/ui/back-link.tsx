import { Link, useParams } from '@tanstack/react-router'
import { ChevronLeft } from 'lucide-react'

/** From one thing back to the list of them. `to`: an address with the tenant in it. */
export function BackLink({ to, children }: { to: string; children: string }) {
  const { tenant = '' }: { tenant?: string } = useParams({ strict: false })
  return (
    <Link
      to={to}
      params={{ tenant }}
      className="mb-2 -ml-1 inline-flex items-center gap-1 rounded pr-1 text-soft hover:text-ink"
    >
      <ChevronLeft aria-hidden className="size-4" />
      {children}
    </Link>
  )
}
