import { defaultStringifySearch, useRouter } from '@tanstack/react-router'
import type { MouseEvent } from 'react'

type Props = {
  /** The page of the registry that it leads to, and what stands behind its `?`. */
  to: 'repository' | 'manifest' | 'deleted-repository'
  params: Readonly<Record<string, string>>
  search: Readonly<Record<string, string>>
  title: string
  className?: string
  children: string
}

/**
 * What names a row of a long list. A plain anchor: the router's own link listens to every change of the address, and is
 * the dearest part of a row that comes and goes while one scrolls.
 */
export function RowLink({ to, params: { tenant = '', name = '' }, search, title, className, children }: Props) {
  const { history } = useRouter()
  const href = `/t/${encodeURIComponent(tenant)}/registries/${encodeURIComponent(name)}/${to}${defaultStringifySearch(search)}`
  const follow = (event: MouseEvent) => {
    // Another tab, another window: the browser knows how.
    if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return
    event.preventDefault()
    history.push(href)
  }
  return (
    <a href={href} title={title} onClick={follow} className={className}>
      {children}
    </a>
  )
}
