import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query'
import { isRefusal, Problem } from '../api/problem.ts'

/** `signedOut` is called where control says that nobody is signed in any more. */
export function createQueryClient(signedOut: () => void): QueryClient {
  const onError = (error: Error) => {
    if (error instanceof Problem && error.status === 401) signedOut()
  }
  return new QueryClient({
    queryCache: new QueryCache({ onError }),
    mutationCache: new MutationCache({ onError }),
    defaultOptions: {
      queries: {
        // Events say when it is stale; this is for the time when none come.
        staleTime: 30_000,
        // A refusal stays one; only what did not answer is asked again.
        retry: (failures, error) => failures < 2 && !isRefusal(error),
      },
    },
  })
}

/** All that somebody saw who is not signed in any more. The ways to sign in are everybody's, and the page waits for them. */
export function forgetSession(queryClient: QueryClient): void {
  queryClient.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'sign-in' })
}
