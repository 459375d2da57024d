import type { LucideIcon } from 'lucide-react'
import { Activity } from 'lucide-react'
import type { ComponentType } from 'react'

/** A page of a tenant: its address below `/t/<tenant>/`, where it stands in the navigation, and its component. */
export type Page = {
  readonly path: string
  readonly title: string
  /** Absent: reached from another page only. */
  readonly nav?: { readonly section: Section; readonly icon: LucideIcon }
  /** Its module, loaded when the page is opened; exports one component, named like the page. */
  readonly load: () => Promise<ComponentType>
}

/** In the order in which they are shown. */
export const SECTIONS = ['', 'Artifacts', 'Access', 'Tenancy'] as const
export type Section = (typeof SECTIONS)[number]

export const pages: readonly Page[] = [
  {
    path: '/',
    title: 'Overview',
    nav: { section: '', icon: Activity },
    load: () => import('./overview/overview.tsx').then(({ Overview }) => Overview),
  },
]
