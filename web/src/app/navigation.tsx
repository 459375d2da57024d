import { Link, useParams } from '@tanstack/react-router'
import { pages, SECTIONS } from '../pages/pages.ts'
import { startTenant, useSession } from './tenant.ts'

const ITEM =
  'flex h-8 items-center gap-2.5 rounded-md px-2.5 text-ink hover:bg-wash [&_svg]:size-4 [&_svg]:shrink-0 [&_svg]:text-soft'
const HERE = 'bg-wash font-medium text-water-deep [&_svg]:text-water'

/** Every page that has a place in it, by section. */
export function Navigation({ onLeave }: { onLeave: () => void }) {
  const params: { tenant?: string } = useParams({ strict: false })
  const session = useSession()
  const tenant = params.tenant ?? startTenant(session)?.name
  if (tenant === undefined) return null
  return SECTIONS.map(section => {
    const here = pages.filter(({ nav }) => nav?.section === section && (!nav.platform || session.platformAdministrator))
    if (here.length === 0) return null
    const id = `section-${section || 'start'}`
    return (
      <div key={section} className="mt-4 first:mt-2">
        {section === '' ? null : (
          <h2 id={id} className="px-2.5 pb-1 text-xs font-medium tracking-wide text-soft">
            {section}
          </h2>
        )}
        <ul aria-labelledby={section === '' ? undefined : id} className="flex flex-col gap-0.5">
          {here.map(({ path, title, nav }) => (
            <li key={path}>
              <Link
                to={`/t/$tenant${path === '/' ? '' : path}`}
                params={{ tenant }}
                activeOptions={{ exact: path === '/' }}
                className={ITEM}
                activeProps={{ className: HERE }}
                onClick={onLeave}
              >
                {nav ? <nav.icon aria-hidden /> : null}
                {title}
              </Link>
            </li>
          ))}
        </ul>
      </div>
    )
  })
}
