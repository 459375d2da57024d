import { Link, useParams } from '@tanstack/react-router'
import { ChevronLeft } from 'lucide-react'

type Props = { to: string; search?: Readonly<Record<string, string>>; children: string }

/** From one thing back to the list of them. `to`: an address with the tenant in it, and what else this one has. */
export function BackLink({ to, search, children }: Props) {
  const params: Record<string, string> = useParams({ strict: false })
  return (
    <Link
      to={to}
      params={params}
      {...(search ? { search } : {})}
      className="mb-2 -ml-1 inline-flex max-w-full items-center gap-1 rounded pr-1 text-soft hover:text-ink"
    >
      <ChevronLeft aria-hidden className="size-4 shrink-0" />
      <span className="truncate">{children}</span>
    </Link>
  )
}
