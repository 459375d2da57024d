import type { Hands, Judged } from './sweep.ts'

type Count = { goes: number; stays: number }
/** What went, or would. `next`: the repository after which to go on, where there was no time for all. */
export type Swept = { tags: Count; manifests: Count; items: Judged[]; next?: string }

/** Of what goes and of what stays, each: the counts say how many there are. */
const MOST_ITEMS = 500

export function emptySwept(): Swept {
  return { tags: { goes: 0, stays: 0 }, manifests: { goes: 0, stays: 0 }, items: [] }
}

/** The same hands, whose work is counted. */
export function countedBy(swept: Swept, hands: Hands): Hands {
  const shown = { true: 0, false: 0 }
  const see = (item: Judged) => {
    swept[item.kind === 'tag' ? 'tags' : 'manifests'][item.goes ? 'goes' : 'stays'] += 1
    if (++shown[`${item.goes}`] <= MOST_ITEMS) swept.items.push(item)
  }
  return {
    ...hands,
    keep: see,
    take: async (item, check) => {
      const taken = await hands.take(item, check)
      if (taken) see(item)
      return taken
    },
  }
}

export function addSwept(whole: Swept, part: Swept): void {
  for (const kind of ['tags', 'manifests'] as const) {
    whole[kind].goes += part[kind].goes
    whole[kind].stays += part[kind].stays
  }
  const shown = { true: 0, false: 0 }
  whole.items = [...whole.items, ...part.items].filter(item => ++shown[`${item.goes}`] <= MOST_ITEMS)
}

/** Of a repository that is looked at once more: what is gone is not seen then, what stays is. */
export function goneOnly({ tags, manifests, items }: Swept): Swept {
  const gone = ({ goes }: Count) => ({ goes, stays: 0 })
  return { tags: gone(tags), manifests: gone(manifests), items: items.filter(item => item.goes) }
}
