import { useSyncExternalStore } from 'react'

// Below Tailwind's `md`, where columns that are `wide` go.
const narrow = window.matchMedia('(width < 48rem)')

export function useNarrow(): boolean {
  return useSyncExternalStore(subscribe, () => narrow.matches)
}

function subscribe(changed: () => void): () => void {
  narrow.addEventListener('change', changed)
  return () => narrow.removeEventListener('change', changed)
}
