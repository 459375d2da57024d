import type { Clock, Store } from '../../kernel/index.ts'
import { parseAuthorization, Unauthorized } from '../authorization-header.ts'
import type { SignedIn } from '../principals/principal.ts'
import type { KeyRing } from '../tokens/key-ring.ts'
import { signApiToken, verifyApiToken } from './api-token.ts'
import { readVouched } from './proof.ts'

export type ApiTokens = {
  issue(signedIn: SignedIn): Promise<{ token: string; expiresIn: number }>
  /** Undefined where the header is no Bearer: then it is somebody else's to answer. */
  admit(header: string | undefined): Promise<SignedIn | undefined>
}

type Parts = { store: Store; clock: Clock; keys: KeyRing }

/** Tokens of the API. The rows behind one are read at each request, so what is taken away ends with the next. */
export function createApiTokens({ store, clock, keys }: Parts): ApiTokens {
  return {
    issue: signedIn => signApiToken(keys, clock, signedIn),

    async admit(header) {
      const given = header === undefined ? undefined : parseAuthorization(header)
      if (given?.scheme !== 'bearer') return undefined
      const claims = await verifyApiToken(keys, clock, given.token)
      const principal = await readVouched(store.read, claims, clock.now())
      if (!principal) throw Unauthorized('What this token stands on was taken away or has ended: sign in again')
      const { proof, ends } = claims
      return { principal, proof: `${proof.kind}:${proof.id}`, ...(ends === undefined ? {} : { ends }) }
    },
  }
}
