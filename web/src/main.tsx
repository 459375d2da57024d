import { CSPProvider } from '@base-ui/react/csp-provider'
import { QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { createQueryClient, forgetSession } from './app/query-client.ts'
import { makeRouter } from './app/router.tsx'
import { Toasts } from './ui/toast.tsx'
import './styles.css'

const queryClient = createQueryClient(() => {
  const { pathname, href } = router.state.location
  if (pathname === '/sign-in') return
  // First away, then forgotten: the pages here need somebody who is signed in.
  router.navigate({ to: '/sign-in', search: { return: href } }).then(() => forgetSession(queryClient))
})
const router = makeRouter(queryClient)

const root = document.getElementById('root')
if (!root) throw new Error('The page has no place for the console')
createRoot(root).render(
  <StrictMode>
    {/* The page's policy allows no style elements; those of the library are in styles.css. */}
    <CSPProvider disableStyleElements>
      <QueryClientProvider client={queryClient}>
        <Toasts>
          <RouterProvider router={router} />
        </Toasts>
      </QueryClientProvider>
    </CSPProvider>
  </StrictMode>,
)
