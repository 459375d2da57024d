import { Fragment, type ReactNode } from 'react'

/** Names and what they are, one a line. */
export function Facts({ facts }: { facts: readonly (readonly [term: string, text: ReactNode])[] }) {
  return (
    <dl className="grid grid-cols-[minmax(6.5rem,max-content)_minmax(0,1fr)] gap-x-4 gap-y-1.5 px-4 py-3 max-sm:px-3">
      {facts.map(([term, text]) => (
        <Fragment key={term}>
          <dt className="text-soft">{term}</dt>
          <dd className="[overflow-wrap:anywhere]">{text}</dd>
        </Fragment>
      ))}
    </dl>
  )
}
