import type { Clock, Store } from '../../kernel/index.ts'
import { parseAuthorization, Unauthorized } from '../authorization-header.ts'
import { generatePassword, hashPassword, verifyPassword } from '../password.ts'
import { Recent } from '../recent.ts'
import { createThrottle } from '../throttle.ts'
import type { SignedIn } from './principal.ts'
import { readSignIn } from './secrets.ts'

/** Undefined where the header is nobody's of these: the admin, a token, or nothing. */
export type SignInPrincipal = (header: string | undefined, from: string) => Promise<SignedIn | undefined>

// Client ids have the form of ids, so that no user name is taken for one.
export const CLIENT_ID = /^prn_[0-9a-z]{1,60}$/
// Compared with where there is nothing to compare: the time does not say which ids there are.
const NOBODYS = 'scrypt$32768$8$1$cb7Zf2dXxQZkUS0p3cKc5Q$mMZ0m1v0aJ8sT1mJb7YqQvQf1y5m1C3k1r5m2Jw3sXo'
const REMEMBERED = 2048
const REMEMBERED_CHARS = 512 * 1024
const WRONG = 'The client id or the secret is wrong, or it has expired'

/**
 * Basic `<client id>:<secret>` of a service principal or an agent. Rows are read each time, so a secret that was
 * deleted or has expired is refused at the next request; only the derivation is remembered.
 */
export function createPrincipalSignIn({ store, clock }: { store: Store; clock: Clock }): SignInPrincipal {
  const matched = new Recent<string>(REMEMBERED, REMEMBERED_CHARS)
  const refused = new Recent<string>(REMEMBERED, REMEMBERED_CHARS)
  const throttle = createThrottle(clock)

  return async (header, from) => {
    if (header === undefined) return undefined
    const given = parseAuthorization(header)
    if (given.scheme !== 'basic' || !CLIENT_ID.test(given.user)) return undefined
    const found = await readSignIn(store.read, given.user, clock.now())
    const hashes = found?.secrets.map(one => one.hash) ?? []
    const before = signedIn(found, matched.get(header))
    if (before) return before
    // A program that repeats an old secret is no guesser: it costs nobody a derivation.
    const compared = hashes.join(' ')
    if (refused.get(header) === compared) throw Unauthorized(WRONG)
    const fits = await throttle.attempt(from, async () => {
      let right: string | undefined
      for (const hash of hashes.length > 0 ? hashes : [NOBODYS])
        if (await verifyPassword(given.password, hash)) right ??= hash
      return hashes.find(hash => hash === right)
    })
    const fitting = signedIn(found, fits)
    if (!fitting || fits === undefined) {
      refused.set(header, compared)
      throw Unauthorized(WRONG)
    }
    matched.set(header, fits)
    return fitting
  }
}

/** A secret of 130 random bits, and what is kept of it. */
export async function newSecret(clock: Clock): Promise<{ secret: string; hash: string }> {
  const secret = generatePassword(clock)
  return { secret, hash: await hashPassword(clock, secret) }
}

/** By the secret of that hash; undefined where there is none any more. */
function signedIn(found: Awaited<ReturnType<typeof readSignIn>>, hash: string | undefined): SignedIn | undefined {
  const secret = found?.secrets.find(one => one.hash === hash)
  if (!found || !secret) return undefined
  const { tenantId, id, kind } = found.principal
  return { principal: { tenantId, id, kind }, proof: `secret:${secret.id}`, ends: secret.expiresAt }
}
