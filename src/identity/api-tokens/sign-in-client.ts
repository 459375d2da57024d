import type { SignedIn } from '../principals/principal.ts'
import type { SignInPrincipal } from '../principals/sign-in.ts'
import { InvalidClient, InvalidRequest } from './failures.ts'

/** What a token request says of the program that makes it. */
export type ClientClaim = {
  /** The Authorization header. */
  readonly header: string | undefined
  readonly clientId: string | undefined
  readonly clientSecret: string | undefined
  /** The address it comes from: who guesses slows down only himself. */
  readonly from: string
}

export type SignInClient = (claim: ClientClaim) => Promise<SignedIn>

/** Who makes a token request, by exactly one proof (RFC 6749 §2.3). */
export function createSignInClient({ signIn }: { signIn: SignInPrincipal }): SignInClient {
  return async ({ header, clientId, clientSecret, from }) => {
    if (header !== undefined && clientSecret !== undefined)
      throw InvalidRequest('the client proves itself twice, by a header and in the form')
    const basic = clientSecret === undefined ? header : basicOf(clientId ?? '', clientSecret)
    if (basic === undefined) throw InvalidClient('The request does not say by what the client proves itself')
    const signedIn = await signIn(basic, from)
    if (!signedIn) throw InvalidClient('This is not the id of a service principal or an agent')
    if (clientId !== undefined && clientId !== signedIn.principal.id)
      throw InvalidRequest('client_id names another client than the one that signs in')
    return signedIn
  }
}

function basicOf(id: string, secret: string): string {
  return `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`
}
