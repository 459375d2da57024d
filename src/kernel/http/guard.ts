import { lookup } from 'node:dns/promises'
import type { LookupFunction } from 'node:net'
import { type AddressKind, addressKind, allowList } from './address.ts'
import { AddressRefused, UrlUnusable } from './client-failures.ts'

export type Resolved = { address: string; family: number }
export type Resolve = (host: string) => Promise<Resolved[]>

export type GuardOptions = {
  /** Loopback and private networks too. Link-local, metadata and multicast only by `allow`. */
  allowPrivate?: boolean
  /** Host names, `host:port`, addresses or CIDR ranges that are always allowed. */
  allow?: readonly string[]
  resolve?: Resolve
}

/**
 * Throws where the URL is unusable or names a refused address; else how to resolve its host for the
 * connection. Only addresses that passed come out, so what was checked is what is connected to.
 */
export type Guard = (url: URL) => LookupFunction

const PRIVATE: readonly AddressKind[] = ['loopback', 'private']

/** Keeps requests whose URL somebody else chose away from what only this machine should reach. */
export function createGuard(options: GuardOptions): Guard {
  const resolve = options.resolve ?? (host => lookup(host, { all: true }))
  const allowed = allowList(options.allow ?? [])

  const refusal = (address: string): AddressKind | undefined => {
    const kind = addressKind(address) ?? 'reserved'
    if (kind === 'public' || allowed.address(address)) return undefined
    return options.allowPrivate && PRIVATE.includes(kind) ? undefined : kind
  }

  return url => {
    if (url.protocol !== 'http:' && url.protocol !== 'https:') throw UrlUnusable(`its scheme is ${url.protocol}`)
    if (url.username || url.password) throw UrlUnusable('it holds a user or password')
    const byName = allowed.host(url.hostname, Number(url.port || (url.protocol === 'https:' ? 443 : 80)))
    const kind = !byName && addressKind(url.hostname) ? refusal(url.hostname) : undefined
    if (kind) throw AddressRefused(url.host, kind)

    return (host, wants, done) => {
      const answer = (found: Resolved[]) => {
        const good = byName ? found : found.filter(({ address }) => refusal(address) === undefined)
        const [first] = good
        const [refused] = found
        if (first && wants.all) done(null, good)
        else if (first) done(null, first.address, first.family)
        else done(AddressRefused(url.host, (refused && refusal(refused.address)) ?? 'missing'), '', 0)
      }
      resolve(host).then(answer, error => done(error, '', 0))
    }
  }
}
