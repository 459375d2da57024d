import type { Place } from '../../../../src/api/index.ts'
import type { Choice } from '../../ui/picker.tsx'

const KIND_WORDS: Readonly<Record<string, string>> = { tenant: 'Whole tenant', group: 'Group', registry: 'Registry' }

export function kindWord(kind: string): string {
  return KIND_WORDS[kind] ?? kind
}

/** The way from the tenant down to it: `default / team / images`. */
export function placePath(places: readonly Place[], id: string): string {
  const byId = new Map(places.map(place => [place.id, place]))
  const names: string[] = []
  for (let at = byId.get(id); at && names.length < 20; at = byId.get(at.parentId)) names.unshift(at.name)
  return names.join(' / ')
}

/** All of them, for a picker, by id. */
export function placeChoices(places: readonly Place[]): Choice[] {
  return places.map(({ id, kind }) => ({ value: id, label: placePath(places, id), hint: kindWord(kind) }))
}

/** A scope of an assignment in words; the scope itself where the place is not to be seen. */
export function scopeName(places: readonly Place[], scope: string): string {
  const place = places.find(one => one.scope === scope)
  return place ? placePath(places, place.id) : scope
}
