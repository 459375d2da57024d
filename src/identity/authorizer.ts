import type { Clock, Ms } from '../kernel/index.ts'
import { ANONYMOUS, type Caller, grants, type RegistryAction, type Verdict, type VouchedAt } from './access.ts'
import { verifyApiToken } from './api-tokens/api-token.ts'
import { type Credentials, parseAuthorization, Unauthorized } from './authorization-header.ts'
import { checkPassword } from './check-password.ts'
import type { IdentityRows } from './identity-rows.ts'
import { Recent } from './recent.ts'
import { REFRESH_USER } from './registry-access/login.ts'
import { callerOf } from './registry-access/principal-caller.ts'
import { createThrottle } from './throttle.ts'
import type { KeyRing } from './tokens/key-ring.ts'
import { type ShownAt, type TokenClaims, verifyToken } from './tokens/token.ts'
import { vouch } from './vouch.ts'

export type Authorizer = {
  /**
   * Who sends this `Authorization` header to the host `audience`. Answers at once where the header
   * was seen before. Throws or rejects with `Unauthorized`, or with `TooManyAttempts`.
   * `from`: the peer's address, so that one who guesses slows down only himself.
   */
  admit(header: string | undefined, audience: string, from?: string): Caller | Promise<Caller>
  /** The local admin by a password as it was typed, or nobody. */
  admitAdmin(given: { user: string; password: string }, from: string): Promise<Caller>
  /** Who shows this refresh token to the host `audience`, with all that its password is good for. */
  admitRefresh(token: string, audience: string): Promise<Caller>
  /** Who shows a token of the API to the host `audience`: with all that its roles open there. */
  admitApiToken(token: string, audience: string): Promise<Caller>
  /** No I/O. For `catalog` the repository is not looked at. */
  may(caller: Caller, action: RegistryAction, repo: { registryId: string; repository: string }): Verdict
  /**
   * What the one behind the token may do, whatever scopes this token was asked for. For what no client can know to
   * ask a scope for: from which repository a blob comes that it wants mounted.
   */
  mayAtAll(caller: Caller, action: RegistryAction, repo: { registryId: string; repository: string }): boolean
  /** What a host means now: the registry, and whether its tokens serve all its hosts. */
  shownAt(audience: string): ShownAt
}

type Parts = {
  /** The rows of now; compared by reference first, so give the same object while nothing changed. */
  rows: () => IdentityRows
  anonymousPull: (registryId: string) => boolean
  keys: KeyRing
  clock: Clock
}

/** What a header was found to be, and under which rows that was last checked. */
type Known = {
  caller: Caller
  /** The host it was shown to; undefined where it is good at any. */
  audience: string | undefined
  expires: Ms
  rows: IdentityRows
  /** The registry that a token's password is of. */
  registryId?: string
  claims?: TokenClaims & { kid: string; issued: number }
}

// 4 MiB of header text in each of two generations: about 8,000 tokens of one scope.
const CACHE_ENTRIES = 4096
const CACHE_CHARS = 4 * 1024 * 1024
const REFUSED_ENTRIES = 1024
const REFUSED_CHARS = 256 * 1024

const WRONG = 'The user name or the password is wrong'
const CLOSED = 'Who this is was disabled, the password has expired, or no role opens this registry'
const GONE = 'The password or the role behind this token was changed, has ended or was taken away'

/** What anonymous pull opens: content, and what is told of it. Not the list of all repositories: who pulls knows a name. */
const OPEN: ReadonlySet<RegistryAction> = new Set(['pull', 'metadata_read'])

const ALLOWED: Verdict = { allowed: true }
const SIGN_IN: Verdict = { allowed: false, authenticate: true }
const DENIED: Verdict = { allowed: false, authenticate: false }

export function createAuthorizer({ rows, anonymousPull, keys, clock }: Parts): Authorizer {
  const known = new Recent<Known>(CACHE_ENTRIES, CACHE_CHARS)
  // A client that repeats an old password is no guesser: it costs neither a derivation nor the neighbours' tries.
  const refused = new Recent<{ rows: IdentityRows; why: string }>(REFUSED_ENTRIES, REFUSED_CHARS)
  const pending = new Map<string, Promise<Caller>>()
  const throttle = createThrottle(clock)

  function shownAt(audience: string): ShownAt {
    const registry = rows().registry(audience)
    return { audience, registryId: registry?.id ?? '', shared: registry?.tokenAudience === 'registry' }
  }

  /** After a change of the rows, or at another host: what the entry is worth now; undefined where nothing. */
  function again(entry: Known, audience: string): Caller | undefined {
    const now = rows()
    const { claims, registryId } = entry
    const at = shownAt(audience)
    if (claims) {
      if (claims.registryId !== at.registryId || !keys.find(claims.kid)) return undefined
      if (claims.audience !== audience && !(claims.shared && at.shared)) return undefined
    }
    if (registryId !== undefined && registryId !== at.registryId) return undefined
    const seen = claims ? madeAs(claims) : { registryId: at.registryId, issued: clock.now() }
    const caller = vouch(now, clock, entry.caller, seen)
    if (!caller) return undefined
    entry.caller = caller
    entry.rows = now
    if (entry.audience !== undefined) entry.audience = audience
    return caller
  }

  async function enter(header: string, audience: string, from: string): Promise<Caller> {
    const given = parseAuthorization(header)
    if (given.scheme === 'bearer') return enterByToken(header, given.token, audience)
    if (given.user === REFRESH_USER) return admitRefresh(given.password, audience)
    // 64 clients that start at once with one password wait for one derivation.
    const key = `${shownAt(audience).registryId} ${header}`
    const waiting = pending.get(key)
    if (waiting) return waiting
    const entering = enterByPassword(header, given, audience, from).finally(() => pending.delete(key))
    pending.set(key, entering)
    return entering
  }

  async function enterByToken(header: string, token: string, audience: string): Promise<Caller> {
    const claims = await verifyToken(keys, clock, token, { ...shownAt(audience), kind: 'access_token' })
    const now = rows()
    const { caller: id, access, proof } = claims
    const caller = vouch(now, clock, { id, access, ...(proof === undefined ? {} : { proof }) }, madeAs(claims))
    if (!caller) throw Unauthorized(GONE)
    known.set(header, { caller, audience, expires: claims.expires * 1000, rows: now, claims })
    return caller
  }

  async function admitRefresh(token: string, audience: string): Promise<Caller> {
    const claims = await verifyToken(keys, clock, token, { ...shownAt(audience), kind: 'refresh_token' })
    const { caller: id, proof } = claims
    const access = id.startsWith('user:') ? 'all' : 'limit'
    const caller = proof === undefined ? undefined : vouch(rows(), clock, { id, access, proof }, madeAs(claims))
    if (!caller) throw Unauthorized(GONE)
    // What it buys ends no later than it does itself.
    return { ...caller, ends: Math.min(claims.expires * 1000, caller.ends ?? Number.POSITIVE_INFINITY) }
  }

  async function admitApiToken(token: string, audience: string): Promise<Caller> {
    const { tenantId, principalId, proof, issuedAt, ends } = await verifyApiToken(keys, clock, token)
    const named = {
      id: callerOf({ tenantId, id: principalId }),
      access: 'limit',
      proof: `${proof.kind}:${proof.id}`,
    } as const
    const at = { registryId: shownAt(audience).registryId, issued: issuedAt }
    const caller = vouch(rows(), clock, named, at)
    if (!caller) throw Unauthorized(GONE)
    return { ...caller, ends: Math.min(ends ?? Number.POSITIVE_INFINITY, caller.ends ?? Number.POSITIVE_INFINITY) }
  }

  async function enterByPassword(
    header: string,
    given: Credentials & { scheme: 'basic' },
    audience: string,
    from: string,
  ): Promise<Caller> {
    const now = rows()
    const { registryId } = shownAt(audience)
    const key = `${registryId} ${header}`
    const before = refused.get(key)
    if (before?.rows === now) throw Unauthorized(before.why, given.user)
    const found = await throttle.attempt(from, () => checkPassword(now, registryId, given))
    const caller = found && vouch(now, clock, found, { registryId, issued: clock.now() })
    if (!caller) {
      // Only who knows the password hears why it opens nothing.
      const why = found ? CLOSED : WRONG
      refused.set(key, { rows: now, why })
      throw Unauthorized(why, given.user)
    }
    const expires = caller.ends ?? Number.POSITIVE_INFINITY
    const bound = caller.access === 'limit' ? { audience } : { audience: undefined }
    const own = caller.id.startsWith('token:') ? { registryId } : {}
    known.set(header, { caller, expires, rows: now, ...bound, ...own })
    return caller
  }

  const authorizer: Authorizer = {
    shownAt,
    admitRefresh,
    admitApiToken,

    async admitAdmin(given, from) {
      // No registry has the id ''.
      const found = await throttle.attempt(from, () => checkPassword(rows(), '', given))
      if (!found) throw Unauthorized(WRONG)
      return found
    },

    admit(header, audience, from = '') {
      if (header === undefined) return ANONYMOUS
      const entry = known.get(header)
      if (entry !== undefined) {
        if (entry.expires <= clock.now()) known.delete(header)
        else {
          const here = entry.audience === undefined || entry.audience === audience
          if (here && entry.rows === rows()) return entry.caller
          const caller = again(entry, audience)
          if (caller) return caller
          // Another host's entry may stay; what was taken away goes.
          if (here) known.delete(header)
        }
      }
      return enter(header, audience, from)
    },

    may(caller, action, repo) {
      // Binds everybody, and signing in would not change it.
      if (rows().access.locks(repo.registryId, action)) return DENIED
      if (caller.access === 'all') return ALLOWED
      // Signing in again would not change it: 403.
      if (caller.limit && !caller.limit.permits(action, repo.repository)) return DENIED
      if (caller.access === 'limit') return caller.limit ? ALLOWED : DENIED
      // Asked at every request, whatever an anonymous token says: the setting may have been turned off since.
      if (caller.id === ANONYMOUS.id) return OPEN.has(action) && anonymousPull(repo.registryId) ? ALLOWED : SIGN_IN
      // A token of the right person with too few scopes: the challenge makes the client ask for more.
      return grants(caller.access, action, repo.repository) ? ALLOWED : SIGN_IN
    },

    mayAtAll(caller, action, repo) {
      if (rows().access.locks(repo.registryId, action)) return false
      if (caller.limit) return caller.limit.permits(action, repo.repository)
      // A password of the admin vouches for the token, and the admin may do everything.
      return caller.proof !== undefined || authorizer.may(caller, action, repo).allowed
    },
  }
  return authorizer
}

/** For `vouch`: of which registry a token is, and since when. */
function madeAs({ registryId, issued }: { registryId: string; issued: number }): VouchedAt {
  return { registryId, issued: issued * 1000 }
}
