import { useCallback, useState } from 'react'

export type Chosen<T> = ReturnType<typeof useChosen<T>>

/** The thing that a dialog is about. It stays while the dialog closes, so that its words do not go first. */
export function useChosen<T>() {
  const [{ open, value }, set] = useState<{ open: boolean; value: T | undefined }>({ open: false, value: undefined })
  // The same at every draw, for columns that are made once.
  const choose = useCallback((chosen: T) => set({ open: true, value: chosen }), [])
  return {
    open,
    value,
    choose,
    onOpenChange: (next: boolean) => set(now => ({ ...now, open: next })),
    close: () => set(now => ({ ...now, open: false })),
  }
}
