import { type UseMutationResult, useMutation, useQueryClient } from '@tanstack/react-query'
import { useSay } from '../ui/toast.tsx'
import { useTenant } from './tenant.ts'

type Change<I, O> = {
  run: (input: I) => Promise<O>
  /** Said once it is done: `"robot" is disabled`. */
  says?: (input: I) => string
  finish?: (output: O, input: I) => void
}

/** Something that changes the page's tenant: what was read of it is read again before it counts as done. */
export function useChange<I, O>({ run, says, finish }: Change<I, O>): UseMutationResult<O, Error, I> {
  const queryClient = useQueryClient()
  const { id } = useTenant()
  const say = useSay()
  return useMutation({
    mutationFn: run,
    onSuccess: async (output, input) => {
      // What was deleted can't be read again: the page leaves it first.
      finish?.(output, input)
      if (says) say(says(input))
      await queryClient.invalidateQueries({ queryKey: ['tenant', id] })
    },
  })
}
