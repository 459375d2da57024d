import type { LucideIcon } from 'lucide-react'
import {
  Activity,
  Building2,
  Container,
  FileOutput,
  FolderTree,
  Handshake,
  History,
  Hourglass,
  KeyRound,
  LogIn,
  ScrollText,
  ShieldCheck,
  Users,
} from 'lucide-react'
import type { ComponentType } from 'react'

/** A page of a tenant: its address below `/t/<tenant>`, where it stands in the navigation, and its component. */
export type Page = {
  readonly path: string
  readonly title: string
  /** Absent: reached from another page only. */
  readonly nav?: {
    readonly section: Section
    readonly icon: LucideIcon
    /** Only for who looks after the platform. */
    readonly platform?: true
  }
  /** Its module, loaded when the page is opened. */
  readonly load: () => Promise<ComponentType>
}

/** In the order in which they are shown; the first has no heading. */
export const SECTIONS = ['', 'Artifacts', 'Access', 'Delegation', 'Tenancy', 'Oversight'] as const
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
    path: '/registries/$name/repositories',
    title: 'Repositories',
    load: () => import('./content/repositories.tsx').then(({ Repositories }) => Repositories),
  },
  {
    path: '/registries/$name/repository',
    title: 'Repository',
    load: () => import('./content/repository.tsx').then(({ RepositoryPage }) => RepositoryPage),
  },
  {
    path: '/registries/$name/deleted',
    title: 'Deleted',
    load: () => import('./content/deleted.tsx').then(({ Deleted }) => Deleted),
  },
  {
    path: '/registries/$name/deleted-repository',
    title: 'Deleted',
    load: () => import('./content/deleted-repository.tsx').then(({ DeletedRepositoryPage }) => DeletedRepositoryPage),
  },
  {
    path: '/registries/$name/imports',
    title: 'Imports',
    load: () => import('./content/imports.tsx').then(({ Imports }) => Imports),
  },
  {
    path: '/registries/$name/manifest',
    title: 'Manifest',
    load: () => import('./content/manifest.tsx').then(({ ManifestPage }) => ManifestPage),
  },
  {
    path: '/registries/$name/policies',
    title: 'Policies',
    load: () => import('./policies/policies.tsx').then(({ Policies }) => Policies),
  },
  {
    path: '/registries/$name/usage',
    title: 'Usage',
    load: () => import('./usage/usage.tsx').then(({ UsagePage }) => UsagePage),
  },
  {
    path: '/registries/$name/webhooks',
    title: 'Webhooks',
    load: () => import('./webhooks/webhooks.tsx').then(({ Webhooks }) => Webhooks),
  },
  {
    path: '/registries/$name/webhooks/$webhook',
    title: 'Webhook',
    load: () => import('./webhooks/webhook.tsx').then(({ WebhookPage }) => WebhookPage),
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
  {
    path: '/access/sign-in-providers',
    title: 'Sign-in providers',
    nav: { section: 'Access', icon: LogIn },
    load: () => import('./sign-in-providers/sign-in-providers.tsx').then(({ SignInProviders }) => SignInProviders),
  },
  {
    path: '/delegation/service-providers',
    title: 'Service providers',
    nav: { section: 'Delegation', icon: Handshake },
    load: () => import('./delegation/service-providers.tsx').then(({ ServiceProviders }) => ServiceProviders),
  },
  {
    path: '/delegation/delegations',
    title: 'Delegations',
    nav: { section: 'Delegation', icon: ScrollText },
    load: () => import('./delegation/delegations.tsx').then(({ Delegations }) => Delegations),
  },
  {
    path: '/delegation/delegations/accept',
    title: 'Accept an offer',
    load: () => import('./delegation/accept-offer.tsx').then(({ AcceptOffer }) => AcceptOffer),
  },
  {
    path: '/delegation/delegations/$id',
    title: 'Delegation',
    load: () => import('./delegation/delegation.tsx').then(({ DelegationPage }) => DelegationPage),
  },
  {
    path: '/delegation/offers',
    title: 'Offers',
    nav: { section: 'Delegation', icon: FileOutput },
    load: () => import('./delegation/offers.tsx').then(({ Offers }) => Offers),
  },
  {
    path: '/delegation/offers/new',
    title: 'Build an offer',
    load: () => import('./delegation/new-offer.tsx').then(({ NewOffer }) => NewOffer),
  },
  {
    path: '/delegation/offers/$id',
    title: 'Offer',
    load: () => import('./delegation/offer.tsx').then(({ OfferPage }) => OfferPage),
  },
  {
    path: '/delegation/customers',
    title: 'My customers',
    nav: { section: 'Delegation', icon: Building2 },
    load: () => import('./delegation/customers.tsx').then(({ Customers }) => Customers),
  },
  {
    path: '/delegation/customers/agent',
    title: 'Let an agent work',
    load: () => import('./delegation/agent-work.tsx').then(({ AgentWork }) => AgentWork),
  },
  {
    path: '/audit',
    title: 'Audit',
    nav: { section: 'Oversight', icon: History },
    load: () => import('./audit/audit.tsx').then(({ Audit }) => Audit),
  },
  {
    path: '/secrets',
    title: 'Secrets',
    nav: { section: 'Oversight', icon: Hourglass, platform: true },
    load: () => import('./secrets/secrets.tsx').then(({ Secrets }) => Secrets),
  },
  {
    path: '/sessions',
    title: 'My sessions',
    load: () => import('./sessions/sessions.tsx').then(({ Sessions }) => Sessions),
  },
]
