import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate, useParams } from '@tanstack/react-router'
import { ChevronsUpDown, LogOut, MonitorSmartphone } from 'lucide-react'
import { signOut } from '../api/session.ts'
import { Menu, MenuChoice, MenuItem, MenuLine } from '../ui/menu.tsx'
import { useSay } from '../ui/toast.tsx'
import { forgetSession } from './query-client.ts'
import { startTenant, useSession } from './tenant.ts'
import { setTheme, useTheme } from './theme.ts'
import { wayIn } from './way-in.ts'

/** Who one is, how the page looks, and the way out. */
export function UserMenu() {
  const session = useSession()
  const { principal, platformAdministrator, signedInBy } = session
  const params: { tenant?: string } = useParams({ strict: false })
  const tenant = params.tenant ?? startTenant(session)?.name
  const queryClient = useQueryClient()
  const navigate = useNavigate()
  const theme = useTheme()
  const say = useSay()
  const leave = useMutation({
    mutationFn: signOut,
    onSuccess: async endSessionUrl => {
      if (endSessionUrl !== undefined) return location.assign(endSessionUrl)
      // First away, then forgotten: the pages here need somebody who is signed in.
      await navigate({ to: '/sign-in' })
      forgetSession(queryClient)
    },
    onError: error => say(`Not signed out: ${error.message}`),
  })
  return (
    <Menu
      align="start"
      trigger={
        <button
          type="button"
          className="flex w-full items-center gap-2.5 rounded-md px-2 py-1.5 text-left hover:bg-wash"
        >
          <span
            aria-hidden
            className="flex size-7 shrink-0 items-center justify-center rounded-full bg-water text-xs font-semibold text-on-water uppercase"
          >
            {principal.name.slice(0, 1)}
          </span>
          <span className="min-w-0 flex-1">
            <span className="block truncate font-medium">{principal.name}</span>
            <span className="block truncate text-xs text-soft">
              {platformAdministrator ? 'Administrator' : wayIn(signedInBy)}
            </span>
          </span>
          <ChevronsUpDown aria-hidden className="size-4 shrink-0 text-soft" />
        </button>
      }
    >
      <MenuChoice
        label="Theme"
        value={theme}
        onChange={setTheme}
        options={[
          { value: 'system', label: 'As the system' },
          { value: 'light', label: 'Light' },
          { value: 'dark', label: 'Dark' },
        ]}
      />
      <MenuLine />
      {tenant === undefined ? null : (
        <MenuItem onClick={() => navigate({ to: '/t/$tenant/sessions', params: { tenant } })}>
          <MonitorSmartphone aria-hidden />
          My sessions
        </MenuItem>
      )}
      <MenuItem onClick={() => leave.mutate()}>
        <LogOut aria-hidden />
        Sign out
      </MenuItem>
    </Menu>
  )
}
