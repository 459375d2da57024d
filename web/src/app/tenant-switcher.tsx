import { Combobox } from '@base-ui/react/combobox'
import { useNavigate, useParams } from '@tanstack/react-router'
import { Check, ChevronsUpDown } from 'lucide-react'
import type { TenantSeen } from '../api/session.ts'
import { cx } from '../ui/cx.ts'
import { POPUP } from '../ui/menu.tsx'
import { useSession } from './tenant.ts'

const VIA: Record<TenantSeen['via'], string> = {
  own: 'Yours',
  delegation: 'Delegated',
  administrator: 'Administrator',
}

/** The tenant that the pages are about, and the way to another: type a few letters of its name. */
export function TenantSwitcher({ onLeave }: { onLeave: () => void }) {
  const { tenants } = useSession()
  const params: { tenant?: string } = useParams({ strict: false })
  const navigate = useNavigate()
  const current = tenants.find(({ name }) => name === params.tenant) ?? null
  return (
    <Combobox.Root
      items={tenants}
      value={current}
      itemToStringLabel={tenant => tenant.name}
      isItemEqualToValue={(a, b) => a.id === b.id}
      onValueChange={tenant => {
        if (!tenant) return
        onLeave()
        // To its overview: what was looked at is of the other tenant.
        navigate({ to: '/t/$tenant', params: { tenant: tenant.name } })
      }}
    >
      <Combobox.Trigger
        aria-label={`Tenant: ${current?.name ?? 'none'}. Change`}
        className="flex h-10 w-full items-center gap-2 rounded-md border border-edge/60 bg-raised px-3 text-left hover:border-edge"
      >
        <span className="min-w-0 flex-1">
          <span className="block truncate font-medium">{current?.name ?? 'Choose a tenant'}</span>
        </span>
        {current && current.via !== 'own' ? <span className="text-xs text-soft">{VIA[current.via]}</span> : null}
        <ChevronsUpDown aria-hidden className="size-4 shrink-0 text-soft" />
      </Combobox.Trigger>
      <Combobox.Portal>
        <Combobox.Positioner align="start" sideOffset={4} className="z-30">
          <Combobox.Popup className={cx(POPUP, 'w-64 max-w-[calc(100vw-2rem)] p-0')} aria-label="Tenants">
            <div className="border-b border-line p-2">
              <Combobox.Input
                placeholder="Find a tenant"
                aria-label="Find a tenant"
                className="h-8 w-full rounded border border-edge bg-raised px-2.5 placeholder:text-soft"
              />
            </div>
            <Combobox.Empty className="px-3 py-3 text-soft empty:hidden">No tenant of that name.</Combobox.Empty>
            <Combobox.List className="max-h-72 overflow-y-auto p-1">
              {(tenant: TenantSeen) => (
                <Combobox.Item
                  key={tenant.id}
                  value={tenant}
                  className="flex min-h-8 cursor-default items-center gap-2 rounded px-2 py-1 outline-none select-none data-highlighted:bg-wash"
                >
                  <span className="flex size-4 shrink-0 items-center">
                    <Combobox.ItemIndicator>
                      <Check aria-hidden className="size-4 text-water" />
                    </Combobox.ItemIndicator>
                  </span>
                  <span className="min-w-0 flex-1 truncate">{tenant.name}</span>
                  {tenant.via === 'own' ? null : <span className="text-xs text-soft">{VIA[tenant.via]}</span>}
                </Combobox.Item>
              )}
            </Combobox.List>
          </Combobox.Popup>
        </Combobox.Positioner>
      </Combobox.Portal>
    </Combobox.Root>
  )
}
