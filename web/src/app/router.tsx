import type { QueryClient } from '@tanstack/react-query'
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  notFound,
  redirect,
} from '@tanstack/react-router'
import type { Session } from '../../../src/api/index.ts'
import { Problem } from '../api/problem.ts'
import { sessionQuery } from '../api/session.ts'
import { pages } from '../pages/pages.ts'
import { Frame } from './frame.tsx'
import { loadPage } from './load-page.ts'
import { PageFailed, PageLoading, PageMissing } from './page-states.tsx'
import { safeReturn } from './return-path.ts'
import { rememberTenant, startTenant } from './tenant.ts'

type Context = { queryClient: QueryClient }

const root = createRootRouteWithContext<Context>()({
  notFoundComponent: () => (
    <main>
      <PageMissing />
    </main>
  ),
})

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  validateSearch: (search): { return?: string; problem?: string } => ({
    ...(search.return === undefined ? {} : { return: safeReturn(search.return) }),
    ...(typeof search.problem === 'string' ? { problem: search.problem } : {}),
  }),
  component: lazyRouteComponent(() => loadPage(() => import('../pages/sign-in/sign-in.tsx')), 'SignIn'),
})

/** Everything that needs somebody who is signed in. */
const frame = createRoute({
  getParentRoute: () => root,
  id: 'frame',
  beforeLoad: async ({ context, location }): Promise<{ session: Session }> => {
    try {
      return { session: await context.queryClient.ensureQueryData(sessionQuery) }
    } catch (error) {
      if (!(error instanceof Problem) || error.status !== 401) throw error
      throw redirect({ to: '/sign-in', search: location.href === '/' ? {} : { return: location.href } })
    }
  },
  component: Frame,
})

const start = createRoute({
  getParentRoute: () => frame,
  path: '/',
  beforeLoad: ({ context }) => {
    const tenant = startTenant(context.session)
    if (!tenant) throw notFound()
    throw redirect({ to: '/t/$tenant', params: { tenant: tenant.name }, replace: true })
  },
})

const device = createRoute({
  getParentRoute: () => frame,
  path: '/device',
  staticData: { title: 'Sign in a command line' },
  validateSearch: (search): { code?: string } => (typeof search.code === 'string' ? { code: search.code } : {}),
  component: lazyRouteComponent(() => loadPage(() => import('../pages/device/device.tsx')), 'Device'),
})

const ofTenant = createRoute({
  getParentRoute: () => frame,
  path: '/t/$tenant',
  beforeLoad: ({ context, params }) => {
    const tenant = context.session.tenants.find(({ name }) => name === params.tenant)
    if (tenant) rememberTenant(tenant)
    return { tenant }
  },
  // Here, not above: then what says so stands within the frame.
  loader: ({ context }) => {
    if (!context.tenant) throw notFound()
  },
  notFoundComponent: PageMissing,
})

const tenantPages = pages.map(({ path, title, load }) =>
  createRoute({
    getParentRoute: () => ofTenant,
    path,
    staticData: { title },
    component: lazyRouteComponent(async () => ({ default: await loadPage(load) })),
  }),
)

declare module '@tanstack/react-router' {
  interface StaticDataRouteOption {
    title?: string
  }
}

export function makeRouter(queryClient: QueryClient) {
  return createRouter({
    routeTree: root.addChildren([signIn, frame.addChildren([start, device, ofTenant.addChildren(tenantPages)])]),
    context: { queryClient },
    defaultPreload: 'intent',
    // Query decides what is fresh.
    defaultPreloadStaleTime: 0,
    defaultPendingMs: 150,
    defaultPendingComponent: PageLoading,
    defaultErrorComponent: PageFailed,
    defaultNotFoundComponent: PageMissing,
    scrollRestoration: true,
  })
}
