import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'

export type Process = { pid: number; parent: number; command: string[] }

/** A process and all that descend from it, as /proc shows them now. */
export function processTree(root: number): Process[] {
  const all = readdirSync('/proc')
    .filter(name => /^\d+$/.test(name))
    .flatMap(name => readProcess(Number(name)))
  const tree = all.filter(one => one.pid === root)
  for (const one of tree) tree.push(...all.filter(child => child.parent === one.pid))
  return tree
}

function readProcess(pid: number): Process[] {
  try {
    const parent = Number(statFields(pid)[1])
    const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').filter(Boolean)
    return [{ pid, parent, command }]
  } catch {
    // Gone between listing and reading.
    return []
  }
}

/** Fields of /proc/<pid>/stat from the state on: [0] is the state, [1] the parent. */
function statFields(pid: number): string[] {
  const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
  return text.slice(text.lastIndexOf(')') + 2).split(' ')
}

const ticksPerSecond = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }))

/** CPU seconds, user and system, that these processes used since they started. */
export function cpuSeconds(pids: readonly number[]): number {
  const ticks = pids.map(pid => {
    const fields = statFields(pid)
    return Number(fields[11]) + Number(fields[12])
  })
  return ticks.reduce((sum, one) => sum + one, 0) / ticksPerSecond
}

/** From now on `memory` tells the most since now (root only). */
export function resetPeak(pid: number): void {
  writeFileSync(`/proc/${pid}/clear_refs`, '5')
}

/** Bytes in memory now, and the most since the process started or `resetPeak`. */
export function memory(pid: number): { now: number; peak: number } {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  const kib = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1])
  return { now: kib('VmRSS') * 1024, peak: kib('VmHWM') * 1024 }
}
