import type { LucideIcon } from 'lucide-react'
import { Activity, Container, FolderTree, KeyRound, ShieldCheck, Users } from 'lucide-react'
import type { ComponentType } from 'react'

/** A page of a tenant: its address below `/t/<tenant>`, where it stands in the navigation, and its component. */
export type Page = {
  readonly path: string
  readonly title: string
  /** Absent: reached from another page only. */
  readonly nav?: { readonly section: Section; readonly icon: LucideIcon }
  /** Its module, loaded when the page is opened. */
  readonly load: () => Promise<ComponentType>
}

/** In the order in which they are shown; the first has no heading. */
export const SECTIONS = ['', 'Artifacts', 'Access', 'Tenancy'] as const
export type Section = (typeof SECTIONS)[number]

export const pages: readonly Page[] = [
  {
    path: '/',
    title: 'Overview',
    nav: { section: '', icon: Activity },
    load: () => import('./overview/overview.tsx').then(({ Overview }) => Overview),
  },
  {
    path: '/registries',
    title: 'Registries',
    nav: { section: 'Artifacts', icon: Container },
    load: () => import('./registries/registries.tsx').then(({ Registries }) => Registries),
  },
  {
    path: '/registries/$name',
    title: 'Registry',
    load: () => import('./registries/registry.tsx').then(({ RegistryPage }) => RegistryPage),
  },
  {
    path: '/access/principals',
    title: 'Principals',
    nav: { section: 'Access', icon: Users },
    load: () => import('./access/principals.tsx').then(({ Principals }) => Principals),
  },
  {
    path: '/access/principals/$id',
    title: 'Principal',
    load: () => import('./access/principal.tsx').then(({ PrincipalPage }) => PrincipalPage),
  },
  {
    path: '/access/assignments',
    title: 'Role assignments',
    nav: { section: 'Access', icon: KeyRound },
    load: () => import('./access/assignments.tsx').then(({ Assignments }) => Assignments),
  },
  {
    path: '/access/roles',
    title: 'Roles',
    nav: { section: 'Access', icon: ShieldCheck },
    load: () => import('./access/roles.tsx').then(({ Roles }) => Roles),
  },
  {
    path: '/access/resources',
    title: 'Groups and resources',
    nav: { section: 'Access', icon: FolderTree },
    load: () => import('./access/resources.tsx').then(({ Resources }) => Resources),
  },
]
