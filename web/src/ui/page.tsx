import type { ReactNode } from 'react'

type Props = { title: string; says?: ReactNode; actions?: ReactNode; children: ReactNode }

/** A page within the frame: what it is, what one can do here, and the rest. */
export function PageBody({ title, says, actions, children }: Props) {
  return (
    <>
      <title>{`${title} · Towpath`}</title>
      <header className="mb-5 flex flex-wrap items-start justify-between gap-x-6 gap-y-3">
        <div className="min-w-0">
          <h1 className="text-xl leading-8 font-semibold tracking-tight [overflow-wrap:anywhere]">{title}</h1>
          {says === undefined ? null : <p className="max-w-prose text-soft">{says}</p>}
        </div>
        {actions === undefined ? null : <div className="flex flex-wrap gap-2">{actions}</div>}
      </header>
      {children}
    </>
  )
}

export function Panel({ title, actions, children }: { title?: string; actions?: ReactNode; children: ReactNode }) {
  return (
    <section className="mb-6 rounded-lg border border-line bg-raised">
      {title === undefined ? null : (
        <header className="flex min-h-12 flex-wrap items-center justify-between gap-2 border-b border-line px-4 py-2 max-sm:px-3">
          <h2 className="font-semibold">{title}</h2>
          {actions}
        </header>
      )}
      {children}
    </section>
  )
}

/** Where nothing is yet: why, and the first step. */
export function Empty({ says, children }: { says: string; children?: ReactNode }) {
  return (
    <div className="flex flex-col items-center gap-3 px-4 py-10 text-center text-soft">
      <p className="max-w-prose">{says}</p>
      {children}
    </div>
  )
}
