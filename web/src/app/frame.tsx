import { Dialog } from '@base-ui/react/dialog'
import { Outlet, useMatches, useParams } from '@tanstack/react-router'
import { Menu as MenuIcon, Unplug, X } from 'lucide-react'
import { useState } from 'react'
import { buttonLook } from '../ui/button.tsx'
import { cx } from '../ui/cx.ts'
import { Mark } from './mark.tsx'
import { Navigation } from './navigation.tsx'
import { useSession } from './tenant.ts'
import { TenantSwitcher } from './tenant-switcher.tsx'
import { useLive } from './use-live.ts'
import { UserMenu } from './user-menu.tsx'

/** What stands around every page: where one is, where one can go, and who one is. */
export function Frame() {
  const [open, setOpen] = useState(false)
  const params: { tenant?: string } = useParams({ strict: false })
  const { tenants } = useSession()
  const live = useLive(tenants.find(({ name }) => name === params.tenant)?.id)
  const title = useMatches({ select: matches => matches.at(-1)?.staticData.title })
  return (
    <div className="lg:grid lg:min-h-dvh lg:grid-cols-[15rem_minmax(0,1fr)]">
      <a
        href="#page"
        className="sr-only rounded-md bg-water px-3 py-2 text-on-water focus:not-sr-only focus:fixed focus:top-2 focus:left-2 focus:z-30"
      >
        Skip to the page
      </a>
      <header className="sticky top-0 z-10 flex h-13 items-center gap-3 border-b border-line bg-sunk px-3 lg:hidden">
        <Dialog.Root open={open} onOpenChange={setOpen}>
          <Dialog.Trigger className={buttonLook('ghost', 'icon')} aria-label="Open the navigation">
            <MenuIcon aria-hidden />
          </Dialog.Trigger>
          <Dialog.Portal>
            <Dialog.Backdrop className="backdrop z-20" />
            <Dialog.Popup className="fixed inset-y-0 left-0 z-20 flex w-72 max-w-[85vw] flex-col border-r border-line bg-sunk outline-none">
              <Dialog.Title className="sr-only">Navigation</Dialog.Title>
              <Dialog.Close
                className={cx(buttonLook('ghost', 'icon'), 'absolute top-2.5 right-2.5')}
                aria-label="Close the navigation"
              >
                <X aria-hidden />
              </Dialog.Close>
              <Side onLeave={() => setOpen(false)} />
            </Dialog.Popup>
          </Dialog.Portal>
        </Dialog.Root>
        <Mark className="w-8 text-water" />
        <span className="truncate font-semibold">{title ?? 'Towpath'}</span>
      </header>
      <aside className="sticky top-0 flex h-dvh flex-col border-r border-line bg-sunk max-lg:hidden">
        <Side onLeave={() => {}} />
      </aside>
      <main id="page" tabIndex={-1} className="mx-auto w-full max-w-6xl px-4 py-6 outline-none sm:px-8">
        <Outlet />
      </main>
      <NotLive live={live} />
    </div>
  )
}

/** Over the page, so that nothing moves when it comes and goes. */
function NotLive({ live }: { live: boolean }) {
  return (
    <div role="status" className="pointer-events-none fixed bottom-4 left-4 z-10 lg:left-[16rem]">
      {live ? null : (
        <p className="flex items-center gap-2 rounded-md border border-line bg-raised px-3 py-1.5 text-soft shadow-lg shadow-black/10">
          <Unplug aria-hidden className="size-4 shrink-0" />
          Not live at the moment. It goes on by itself.
        </p>
      )}
    </div>
  )
}

/** `onLeave`: somebody went to another page from it. */
function Side({ onLeave }: { onLeave: () => void }) {
  return (
    <>
      <div className="flex h-14 shrink-0 items-center gap-2.5 px-4">
        <Mark className="w-9 text-water" />
        <span className="text-[0.95rem] font-semibold tracking-tight">Towpath</span>
      </div>
      <div className="px-3 pb-2">
        <TenantSwitcher onLeave={onLeave} />
      </div>
      <nav aria-label="Main" className="min-h-0 flex-1 overflow-y-auto px-3 pb-4">
        <Navigation onLeave={onLeave} />
      </nav>
      <div className="shrink-0 border-t border-line p-3">
        <UserMenu />
      </div>
    </>
  )
}
