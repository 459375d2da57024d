import { createPublicKey, type KeyObject } from 'node:crypto'
import { type Clock, failure, type Ms, type Soon } from '../../kernel/index.ts'
import type { SigningKey } from './signing-key.ts'

/** A signing key as everybody may know it. */
export type PublishedKey = {
  readonly kid: string
  /** The public half: Ed25519, as JWK's `x` has it. */
  readonly x: string
  /** UTC milliseconds. From then on nodes sign with it; it is accepted as soon as it is known. */
  readonly signsFrom: Ms
  /** UTC milliseconds: what it signed is refused from then on. null: it is in use. */
  readonly endsAt: Ms | null
}

/** The keys of the platform, as of now. */
export type KeyRing = {
  /** What signs a token made now. */
  signer(): Promise<SigningKey>
  /** What checks a token that names this key; undefined where it is unknown or over. */
  find(kid: string): KeyObject | undefined
}

export const SignerAway = failure('UNAVAILABLE', 503, () => ({
  says: 'This node has none of the keys that tokens are signed with now',
  next: 'Bring the folder secrets/ of control to this machine; tokens of other nodes are accepted meanwhile',
}))

type Parts = {
  /** The same list while nothing changed. Empty before control was heard for the first time. */
  published: () => readonly PublishedKey[]
  /** The private half, where this machine has it. */
  own: (kid: string) => Soon<SigningKey | undefined>
  /** Taken where nothing is published yet; undefined where the secrets could not be opened at the start. */
  first: SigningKey | undefined
  clock: Clock
}

export function createKeyRing({ published, own, first, clock }: Parts): KeyRing {
  let seen: readonly PublishedKey[] | undefined
  let keys = new Map<string, { endsAt: Ms | null; key: KeyObject }>()

  function current(): ReadonlyMap<string, { endsAt: Ms | null; key: KeyObject }> {
    const now = published()
    if (seen !== now) {
      keys = new Map(now.map(({ kid, x, endsAt }) => [kid, { endsAt, key: publicKey(x) }]))
      seen = now
    }
    return keys
  }

  return {
    find(kid) {
      const known = current()
      if (known.size === 0) return kid === first?.kid ? first.public : undefined
      const found = known.get(kid)
      return found === undefined || over(found.endsAt, clock.now()) ? undefined : found.key
    },
    async signer() {
      const all = published()
      if (all.length === 0 && first) return first
      const now = clock.now()
      const usable = all.filter(key => key.signsFrom <= now && !over(key.endsAt, now))
      let locked: unknown
      for (const { kid } of usable.toSorted((a, b) => b.signsFrom - a.signsFrom || (a.kid < b.kid ? 1 : -1))) {
        try {
          const key = kid === first?.kid ? first : await own(kid)
          if (key) return key
        } catch (error) {
          // An older one that was opened before may still sign.
          locked ??= error
        }
      }
      throw locked ?? SignerAway()
    },
  }
}

function over(endsAt: Ms | null, now: Ms): boolean {
  return endsAt !== null && endsAt <= now
}

function publicKey(x: string): KeyObject {
  return createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' })
}
