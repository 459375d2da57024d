import { Link } from '@tanstack/react-router'
import { cx } from './cx.ts'

export type Tab = {
  readonly label: string
  /** An address with its parameters in it, and what follows it. */
  readonly to: string
  readonly search?: Readonly<Record<string, string>>
  readonly here: boolean
}

/** Pages that belong together, each with an address of its own. `params`: of all of their addresses. */
export function Tabs({ label, params, tabs }: { label: string; params: Record<string, string>; tabs: readonly Tab[] }) {
  return (
    <nav aria-label={label} className="mb-5 border-b border-line">
      <ul className="flex flex-wrap gap-x-5">
        {tabs.map(tab => (
          <li key={tab.label}>
            <Link
              to={tab.to}
              params={params}
              search={tab.search ?? {}}
              aria-current={tab.here ? 'page' : undefined}
              className={cx(
                '-mb-px inline-block border-b-2 py-2 font-medium',
                tab.here ? 'border-water text-ink' : 'border-transparent text-soft hover:border-edge hover:text-ink',
              )}
            >
              {tab.label}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  )
}
