import { useState } from 'react'

/** The thing that a dialog is about. It stays while the dialog closes, so that its words do not go first. */
export function useChosen<T>() {
  const [{ open, value }, set] = useState<{ open: boolean; value: T | undefined }>({ open: false, value: undefined })
  return {
    open,
    value,
    choose: (chosen: T) => set({ open: true, value: chosen }),
    onOpenChange: (next: boolean) => set(now => ({ ...now, open: next })),
    close: () => set(now => ({ ...now, open: false })),
  }
}
