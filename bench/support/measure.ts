import { cpuSeconds } from '../../test/peers/support/proc.ts'
import type { Server } from './servers.ts'

/** What a client did in one round. */
export type Work = { requests: number; bytes: number; seconds: number; p50?: number; p99?: number }
export type Round = Work & {
  /** CPU seconds, user and system, of all processes of the server. */
  cpu: number
}

/** The same work at each server in turn, `rounds` times, each round beginning with another one. */
export async function interleaved(
  servers: readonly Server[],
  rounds: number,
  work: (server: Server, headers: Record<string, string>) => Promise<Work>,
): Promise<Map<Server['name'], Round[]>> {
  const all = new Map<Server['name'], Round[]>(servers.map(server => [server.name, []]))
  // The first round warms caches and compilers, and is thrown away.
  for (let round = -1; round < rounds; round++) {
    for (let i = 0; i < servers.length; i++) {
      const server = servers[(i + round + 1) % servers.length]
      if (server === undefined) continue
      const headers = await server.headers()
      const pids = server.pids()
      const before = cpuSeconds(pids)
      const done = await work(server, headers)
      const cpu = cpuSeconds(pids) - before
      if (round >= 0) all.get(server.name)?.push({ ...done, cpu })
    }
  }
  return all
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length / 2
  return sorted.length % 2
    ? (sorted[Math.floor(middle)] ?? Number.NaN)
    : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2
}

/** Round by round, so what the machine did besides falls on both sides; then the middle one. */
export function ratio(of: readonly Round[], to: readonly Round[], figure: (round: Round) => number): number {
  return median(of.map((round, i) => figure(round) / figure(to[i] ?? round)))
}

export const perSecond = (round: Round): number => round.requests / round.seconds
export const perCpuSecond = (round: Round): number => round.requests / round.cpu
export const bytesPerCpuSecond = (round: Round): number => round.bytes / round.cpu
export const bytesPerSecond = (round: Round): number => round.bytes / round.seconds
