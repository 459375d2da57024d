// `npm run bench [-- --quick] [name …]`: every scenario beside its peers, or the named ones. What it
// prints goes into README.md here; --quick only shows that all still runs, and writes nothing.

import { parseArgs } from 'node:util'
import { audit } from './audit.ts'
import { authorization } from './authorization.ts'
import { hundredMebibytes, oneMebibyte } from './blob-reads.ts'
import { cedar } from './cedar.ts'
import { collection } from './collection.ts'
import { collectionOffline } from './collection-offline.ts'
import { lists } from './lists.ts'
import { manyPulls } from './many-pulls.ts'
import { mentorIndex } from './mentor-index.ts'
import { mentorLive } from './mentor-live.ts'
import { mentorNorms } from './mentor-norms.ts'
import { mentorSearch } from './mentor-search.ts'
import { pages } from './pages.ts'
import { push } from './push.ts'
import { manifestByTag, smallBlob } from './small-reads.ts'
import { webhooks } from './webhooks.ts'

/** Files that only the caller may have: `--cosqa <path>`. */
export type Given = { cosqa?: string }

const scenarios: Record<string, (quick: boolean, given: Given) => Promise<void>> = {
  'manifest-by-tag': manifestByTag,
  authorization,
  'blob-1kib': smallBlob,
  'blob-1mib': oneMebibyte,
  'blob-100mib': hundredMebibytes,
  'push-100mib': push,
  'pull-64-clients': manyPulls,
  lists,
  pages,
  cedar,
  audit,
  webhooks,
  collection,
  'collection-offline': collectionOffline,
  'mentor-live': mentorLive,
  'mentor-index': mentorIndex,
  'mentor-norms': mentorNorms,
  'mentor-search': mentorSearch,
}

const { values, positionals: named } = parseArgs({
  allowPositionals: true,
  options: { quick: { type: 'boolean', default: false }, cosqa: { type: 'string' } },
})
const { quick, ...given } = values
const unknown = named.filter(name => !(name in scenarios))
if (unknown.length > 0)
  throw new Error(`No scenario ${unknown.join(', ')}: there are ${Object.keys(scenarios).join(', ')}`)
for (const [name, scenario] of Object.entries(scenarios)) {
  if (named.length === 0 || named.includes(name)) await scenario(quick, given)
}
