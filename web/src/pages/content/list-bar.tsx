import { useRouter } from '@tanstack/react-router'
import { RefreshCw } from 'lucide-react'
import { type ReactNode, useEffect, useState } from 'react'
import { Button } from '../../ui/button.tsx'
import { Select } from '../../ui/field.tsx'
import { SearchBox } from '../../ui/search-box.tsx'
import { useAddress, useSetAddress } from './use-place.ts'

// As long as between two letters of somebody who types.
const PAUSE_MS = 150

type Props = {
  /** Of the search; without one the list has none. */
  label?: string
  orders: readonly { value: string; label: string }[]
  busy: boolean
  /** How many there are, in words; read out when it changes. */
  says: string
  onAgain: () => void
  children?: ReactNode
}

/** What narrows and orders the list below it. */
export function ListBar({ label, orders, busy, says, onAgain, children }: Props) {
  const { search = '', order = orders[0]?.value } = useAddress()
  const set = useSetAddress()
  const router = useRouter()
  const [typed, setTyped] = useState(search)
  // biome-ignore lint/correctness/useExhaustiveDependencies: only what is typed starts the pause anew
  useEffect(() => {
    if (typed === search) return undefined
    const { pathname } = router.latestLocation
    const pause = setTimeout(() => {
      // Who followed a link meanwhile is on his way to another page, which this is no search of.
      if (router.latestLocation.pathname === pathname) set({ search: typed.trim() })
    }, PAUSE_MS)
    return () => clearTimeout(pause)
  }, [typed])
  return (
    <div className="flex flex-wrap items-center gap-3 px-4 py-3 max-sm:px-3">
      {label === undefined ? null : <SearchBox label={label} value={typed} onChange={setTyped} />}
      <div className="w-44">
        <Select
          aria-label="Order"
          value={order}
          options={orders}
          onChange={event =>
            set({ order: event.currentTarget.value === orders[0]?.value ? '' : event.currentTarget.value })
          }
        />
      </div>
      {children}
      <p role="status" className="ml-auto text-soft max-sm:order-last max-sm:ml-0 max-sm:w-full">
        {says}
      </p>
      <Button look="ghost" size="icon" aria-label="Read again" busy={busy} onClick={onAgain}>
        <RefreshCw aria-hidden />
      </Button>
    </div>
  )
}
