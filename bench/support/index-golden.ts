// What bench/mentor-index.ts starts, so that the memory is of this alone: refreshes an index and prints what it took.
//   node bench/support/index-golden.ts <folder of the index> <file with the golden sources as JSON>
import { readFileSync } from 'node:fs'
import { systemClock } from '../../src/kernel/index.ts'
import { openIndex } from '../../src/mentor/index.ts'

const [dir = '', sources = ''] = process.argv.slice(2)
const index = openIndex({ dir, clock: systemClock('bench') })
const golden = JSON.parse(readFileSync(sources, 'utf8'))
const spentAt = () => (({ user, system }) => (user + system) / 1e6)(process.cpuUsage())
const from = { at: performance.now(), cpu: spentAt() }
const TICK_MS = 10
// The thread that an editor waits for: how late it is while the other one indexes.
let blocked = 0
let last = performance.now()
const tick = setInterval(() => {
  const now = performance.now()
  blocked = Math.max(blocked, now - last - TICK_MS)
  last = now
}, TICK_MS)
const { repositories } = await index.refresh(golden, {
  signal: new AbortController().signal,
  onProgress: () => undefined,
})
clearInterval(tick)
const { bytes } = index.status()
index.close()
const troubles = repositories.flatMap(({ trouble }) => trouble?.says ?? [])
if (troubles.length > 0) throw new Error(troubles.join('\n'))
const took = { seconds: (performance.now() - from.at) / 1000, cpu: spentAt() - from.cpu, blocked }
const parsed = repositories.reduce((sum, one) => sum + one.parsed, 0)
console.log(JSON.stringify({ ...took, bytes, parsed, peak: process.resourceUsage().maxRSS * 1024 }))
