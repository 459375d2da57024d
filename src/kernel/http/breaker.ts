import type { Clock, Ms } from '../clock.ts'
import { HostResting } from './client-failures.ts'

export type Breaker = {
  /** Throws HOST_RESTING while the host is left alone; else tells how it went through the returned function, once. */
  enter(host: string): (outcome: 'good' | 'bad' | 'unknown') => void
  state(host: string): 'closed' | 'open' | 'half-open'
}

type Options = { clock: Clock; failures?: number; restMs?: Ms; restMaxMs?: Ms }
type Host = { failed: number; rests: number; openUntil: Ms; probing: boolean }

const HOSTS_MAX = 1000

/** After some failures in a row a host rests; then one request tries it, and its outcome decides. */
export function createBreaker({ clock, failures = 5, restMs = 5_000, restMaxMs = 60_000 }: Options): Breaker {
  const hosts = new Map<string, Host>()

  const rest = (host: Host) => {
    const longest = Math.min(restMaxMs, restMs * 2 ** host.rests)
    host.rests++
    // Between half and all of it, so that many processes don't all try at the same moment.
    host.openUntil = clock.monotonic() + longest * (0.5 + clock.random() / 2)
  }

  const settle = (name: string, host: Host, probe: boolean, outcome: 'good' | 'bad' | 'unknown') => {
    if (probe) host.probing = false
    if (outcome === 'good') hosts.delete(name)
    if (outcome !== 'bad') return
    host.failed++
    // Requests that were under way when it opened must not lengthen the rest.
    const open = host.openUntil > clock.monotonic()
    if (probe || (!open && host.failed >= failures)) rest(host)
  }

  return {
    enter: name => {
      const host = hosts.get(name) ?? { failed: 0, rests: 0, openUntil: 0, probing: false }
      hosts.delete(name)
      hosts.set(name, host)
      if (hosts.size > HOSTS_MAX) hosts.delete(hosts.keys().next().value ?? '')
      const left = host.openUntil - clock.monotonic()
      if (left > 0) throw HostResting(name, left)
      const probe = host.rests > 0
      if (probe && host.probing) throw HostResting(name, restMs)
      if (probe) host.probing = true
      let told = false
      return outcome => {
        if (told) return
        told = true
        settle(name, host, probe, outcome)
      }
    },
    state: name => {
      const host = hosts.get(name)
      if (!host || host.rests === 0) return 'closed'
      return host.openUntil > clock.monotonic() ? 'open' : 'half-open'
    },
  }
}
