import { z } from 'zod'
import { type Clock, DataKeyUnknown, Failure, SealedTextDamaged, type Vault } from '../../kernel/index.ts'
import { LoginExpired } from './failures.ts'

const LIFE_MS = 10 * 60_000
const CONTEXT = 'sign-in under way'

const shape = z.object({
  tenantId: z.string(),
  provider: z.string(),
  providerId: z.string(),
  redirectUri: z.string(),
  returnTo: z.string(),
  state: z.string(),
  nonce: z.string(),
  verifier: z.string(),
  expiresAt: z.int(),
})

/** A sign-in that is under way at a provider. */
export type LoginUnderWay = Omit<z.output<typeof shape>, 'expiresAt'>

/**
 * Kept by the browser itself, sealed: whoever opens the page of a sign-in, a million times, writes no row. Only who
 * has the cookie can come back, so nobody is signed in by a link that another one prepared.
 */
export function sealLogin({ vault, clock }: { vault: Vault; clock: Clock }, login: LoginUnderWay): Promise<string> {
  return vault.seal(JSON.stringify({ ...login, expiresAt: clock.now() + LIFE_MS }), CONTEXT)
}

export async function openLogin(
  { vault, clock }: { vault: Vault; clock: Clock },
  text: string | undefined,
): Promise<LoginUnderWay> {
  if (text === undefined) throw LoginExpired('its cookie is not here')
  const plain = await vault.open(text, CONTEXT).catch(error => {
    // Somebody's own making, or of before a restore: no defect of ours.
    const foreign = error instanceof Failure && (error.is(SealedTextDamaged) || error.is(DataKeyUnknown))
    throw foreign ? LoginExpired('its cookie can not be read').from(error) : error
  })
  const { expiresAt, ...login } = shape.parse(JSON.parse(plain))
  if (expiresAt <= clock.now()) throw LoginExpired('10 minutes have passed')
  return login
}
