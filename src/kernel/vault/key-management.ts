import type { Clock, Ms } from '../clock.ts'
import { Failure } from '../failure.ts'
import { MasterKeyMissing, VaultLocked } from './failures.ts'

/**
 * One master key, wherever it is: on this machine (`local-key.ts`) or in a KMS, which does the work itself and never
 * gives the key away. `context` must be the same for both ways.
 */
export type KeyManagement = {
  /** Tells this key from every other one; stored with all that it wraps. */
  readonly id: string
  wrap(bytes: Uint8Array, context: string, signal: AbortSignal): Promise<Uint8Array>
  unwrap(wrapped: Uint8Array, context: string, signal: AbortSignal): Promise<Uint8Array>
}

/** The master keys as of now: the first wraps, all unwrap. Throws `VaultLocked` where there is none to be had. */
export type MasterKeys = () => Promise<readonly [KeyManagement, ...KeyManagement[]]>

/** A data key as it is stored, in base64url. */
export type WrappedKey = { readonly wrapped: string; readonly masterKeyId: string }

/** Longer than a KMS takes that works, shorter than people wait. */
const ANSWER_MS = 5_000

type Parts = { masterKeys: MasterKeys; clock: Clock }

export async function wrapKey({ masterKeys, clock }: Parts, key: Uint8Array, what: string): Promise<WrappedKey> {
  const [master] = await masterKeys()
  const wrapped = await asked(clock, signal => master.wrap(key, what, signal))
  return { wrapped: Buffer.from(wrapped).toString('base64url'), masterKeyId: master.id }
}

/** `what` names the key, in errors too. */
export async function unwrapKey({ masterKeys, clock }: Parts, held: WrappedKey, what: string): Promise<Uint8Array> {
  const master = (await masterKeys()).find(one => one.id === held.masterKeyId)
  if (!master) throw MasterKeyMissing(what, held.masterKeyId)
  return asked(clock, signal => master.unwrap(Buffer.from(held.wrapped, 'base64url'), what, signal))
}

async function asked<T>(clock: Clock, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const done = new AbortController()
  const next = 'Bring it back: what needs no sealed secret goes on meanwhile, and the rest without a restart'
  const late = clock.sleep(ANSWER_MS satisfies Ms, done.signal).then(() => {
    throw VaultLocked(`key management gave no answer within ${ANSWER_MS / 1000} s`, next)
  })
  try {
    return await Promise.race([work(done.signal), late])
  } catch (error) {
    if (error instanceof Failure) throw error
    throw VaultLocked('key management is away', next).from(error)
  } finally {
    done.abort()
  }
}
