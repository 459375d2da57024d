import { NotIndexed } from '../config/failures.ts'
import type { Index } from './open-index.ts'

/** Throws where nothing of the golden repositories of `use` is indexed: an answer from nothing would look like one. */
export function requireIndexed(index: Pick<Index, 'status'>): void {
  if (!index.status().repositories.some(({ commit }) => commit)) throw NotIndexed()
}
