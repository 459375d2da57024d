import { readdirSync } from 'node:fs'
import { monitorEventLoopDelay, performance } from 'node:perf_hooks'
import type { Counter, Metrics } from './metrics.ts'

const RESOLUTION_MS = 10

/** What this process uses of the machine, and how late its event loop is. Stop it to let go of the timer. */
export function watchProcess(metrics: Metrics): { stop(): void } {
  const cpu = metrics.counter('process_cpu_seconds_total', 'CPU time used.', ['mode'])
  const resident = metrics.gauge('process_resident_memory_bytes', 'Resident memory.').with({})
  const heap = metrics.gauge('nodejs_heap_size_used_bytes', 'Heap in use.').with({})
  const external = metrics.gauge('nodejs_external_memory_bytes', 'Memory of buffers outside the heap.').with({})
  const files = metrics.gauge('process_open_fds', 'Open file descriptors.').with({})
  const busy = metrics.counter('nodejs_eventloop_active_seconds_total', 'Time the event loop was not waiting.')
  const delay = metrics.gauge(
    'nodejs_eventloop_delay_seconds',
    'How late timers fire, since the last time this was read; quantile 1 is the worst.',
    ['quantile'],
  )
  metrics
    .gauge('process_start_time_seconds', 'When the process started, Unix time.')
    .with({})
    .set(Math.round(performance.timeOrigin) / 1000)

  const user = follow(cpu.with({ mode: 'user' }))
  const system = follow(cpu.with({ mode: 'system' }))
  const active = follow(busy.with({}))

  const loop = monitorEventLoopDelay({ resolution: RESOLUTION_MS })
  loop.enable()
  metrics.collect(() => {
    const used = process.cpuUsage()
    user(used.user / 1e6)
    system(used.system / 1e6)
    const memory = process.memoryUsage()
    resident.set(memory.rss)
    heap.set(memory.heapUsed)
    external.set(memory.external)
    files.set(openFiles())
    active(performance.eventLoopUtilization().active / 1000)
    for (const percent of [50, 99, 100]) {
      // The histogram counts the wait between two ticks: what is past the resolution is the delay.
      const late = loop.count === 0 ? 0 : loop.percentile(percent) / 1e9 - RESOLUTION_MS / 1000
      delay.with({ quantile: String(percent / 100) }).set(Math.max(0, late))
    }
    loop.reset()
  })
  return { stop: () => void loop.disable() }
}

/** A counter of something that is counted elsewhere. */
function follow(counter: Counter): (total: number) => void {
  let before = 0
  return total => {
    counter.add(total - before)
    before = total
  }
}

/** NaN where the system doesn't tell, as Prometheus expects. */
function openFiles(): number {
  if (process.platform !== 'linux') return Number.NaN
  // One of them is the folder being read.
  return readdirSync('/proc/self/fd').length - 1
}
