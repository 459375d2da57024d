import { existsSync, readFileSync } from 'node:fs'
import { until } from '../peers/support/process.ts'
import type { Registry, Role } from '../peers/support/registry.ts'
import type { Draw } from './random.ts'

export type Victim = Role | 'all'

/** kill -9. Gives the processes that were left, where the platform must be started again. */
export function strike(registry: Registry, victim: Victim, draw: Draw): number[] | undefined {
  const running = registry.processes()
  const whole = victim === 'all' || victim === 'supervisor'
  const chosen = victim === 'all' ? running : [draw.pick(running.filter(one => one.role === victim))]
  for (const { pid } of chosen) process.kill(pid, 'SIGKILL')
  return whole ? running.map(one => one.pid) : undefined
}

/** A supervisor that is gone takes its processes with it; then somebody starts it again. */
export async function restart(registry: Registry, before: readonly number[]): Promise<void> {
  const gone = async () => before.every(pid => !alive(pid))
  await until('the end of all processes of a killed supervisor', gone, { context: () => registry.output() })
  await registry.start()
}

/** A dead process that nobody has waited for yet holds no port and no lock. */
function alive(pid: number): boolean {
  const stat = existsSync(`/proc/${pid}/stat`) ? readFileSync(`/proc/${pid}/stat`, 'utf8') : ''
  return stat !== '' && !/\) [ZX] /.test(stat)
}

/** Every process that there should be is there and serves, so new connections are answered whoever takes them. */
export async function allServe(registry: Registry, count: number): Promise<void> {
  const serve = async () => {
    const response = await fetch(new URL('/api/v1/status', registry.controlUrl), { headers: registry.wire.headers })
    const status: { processes: { state: string }[]; nodes: { answers: boolean }[] } = JSON.parse(await response.text())
    const ready = status.processes.every(one => one.state === 'ready') && status.nodes.every(one => one.answers)
    return ready && registry.processes().length === count
  }
  await until('all processes to serve', serve, { timeoutMs: 60_000, context: () => registry.output() })
}
