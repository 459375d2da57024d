import { type Swept, sweptShape } from '../api/index.ts'
import { type ApiOptions, callApi } from './api-client.ts'
import { say, show, timeText } from './output.ts'

export type SweepOptions = ApiOptions & { registry: string; region?: string; all?: true }
type Item = Swept['items'][number]

/** As many lines as somebody reads; the counts say how many there are. */
const MOST_SHOWN = 5000

/** Asks until the region has looked at all of it. */
export async function askSwept(options: SweepOptions, path: string, body: unknown): Promise<Swept> {
  const ask = async (after: string) => {
    const query = new URLSearchParams({ after, ...(options.region === undefined ? {} : { region: options.region }) })
    return callApi(options, { method: 'POST', path: `${path}?${query}`, body, answer: sweptShape })
  }
  const whole = await ask('')
  for (let page = whole, after = ''; page.next !== undefined; ) {
    // One repository that takes longer than a region looks at once: what is deleted makes it less, else nothing does.
    if (page.next === after && page.tags.goes + page.manifests.goes === 0) break
    after = page.next
    page = await ask(after)
    for (const kind of ['tags', 'manifests'] as const) {
      whole[kind].goes += page[kind].goes
      whole[kind].stays += page[kind].stays
    }
    whole.items.push(...page.items.slice(0, MOST_SHOWN - whole.items.length))
    if (page.next === undefined) delete whole.next
    else whole.next = page.next
  }
  return whole
}

const WORDS: Readonly<Record<string, string>> = {
  unmatched: 'no rule keeps it',
  untagged: 'it has no tag',
  'last-tag': 'its last tag goes',
  index: 'the index that lists it goes',
  subject: 'what it is of goes',
  matching: 'it is to be kept',
  newest: 'it is among the newest',
  pushed: 'it was pushed since',
  pulled: 'it was pulled since',
  'pulls-unknown': 'nobody knows yet whether it was pulled',
  'of-kept': 'what it is of stays',
  locked: 'it is locked',
  immutable: 'it is immutable',
}

const columns = [
  { title: 'REPOSITORY', text: (row: Item) => row.repository },
  { title: 'KIND', text: (row: Item) => row.kind },
  { title: 'NAME', text: (row: Item) => row.name },
  { title: 'PUSHED', text: (row: Item) => timeText(row.pushedAt) },
  { title: 'WHY', text: (row: Item) => `${row.goes ? 'goes' : 'stays'}: ${WORDS[row.why] ?? row.why}` },
]

/** `done`: whether it is gone, or would be. */
export async function showSwept(options: SweepOptions, swept: Swept, done: boolean): Promise<void> {
  const rows = options.all ? swept.items : swept.items.filter(item => item.goes)
  await show(options, swept, { rows, columns, empty: done ? 'Nothing was deleted.' : 'Nothing would be deleted.' })
  const { tags, manifests, region, next } = swept
  const [went, stayed] = done ? ['were deleted', 'stayed'] : ['would be deleted', 'would stay']
  say(`In region ${region}: tags: ${tags.goes} ${went}, ${tags.stays} ${stayed}; manifests: ${manifests.goes} ${went}.`)
  if (next !== undefined) say('There was not time for all of it: a repository holds too much. Name fewer tags.')
}
