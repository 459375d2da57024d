import type { Clock, Store } from '../../kernel/index.ts'
import { ASSERTION_TYPE, readUnchecked } from '../assertions/assertion.ts'
import { signInByCertificate } from '../assertions/by-certificate.ts'
import { signInByFederation } from '../assertions/by-federation.ts'
import type { IssuerKeys } from '../assertions/issuer-keys.ts'
import type { SignedIn } from '../principals/principal.ts'
import { CLIENT_ID, type SignInPrincipal } from '../principals/sign-in.ts'
import { InvalidClient, InvalidRequest } from './failures.ts'

/** What a token request says of the program that makes it. */
export type ClientClaim = {
  /** The Authorization header. */
  readonly header: string | undefined
  readonly clientId: string | undefined
  readonly clientSecret: string | undefined
  readonly assertionType: string | undefined
  readonly assertion: string | undefined
  /** The address it comes from: who guesses slows down only himself. */
  readonly from: string
}

export type SignInClient = (claim: ClientClaim) => Promise<SignedIn>

type Parts = {
  store: Store
  clock: Clock
  signIn: SignInPrincipal
  issuerKeys: IssuerKeys
  /** The URLs of our token endpoint: whom a client's own assertion must be for. */
  audiences: readonly string[]
}

/** Who makes a token request, by exactly one proof (RFC 6749 §2.3). */
export function createSignInClient(parts: Parts): SignInClient {
  async function bySecret(header: string, from: string): Promise<SignedIn> {
    const signedIn = await parts.signIn(header, from)
    if (!signedIn) throw InvalidClient('This is not the id of a service principal or an agent')
    return signedIn
  }

  async function byAssertion(assertion: string, { assertionType, clientId }: ClientClaim): Promise<SignedIn> {
    if (assertionType !== ASSERTION_TYPE) throw InvalidRequest(`client_assertion_type is not ${ASSERTION_TYPE}`)
    const given = readUnchecked(assertion)
    // A client's own names it as the issuer; anybody else's says nothing of who it is to be here.
    if (CLIENT_ID.test(given.issuer)) return signInByCertificate(parts, given)
    if (clientId === undefined) throw InvalidRequest('the token of another issuer needs client_id beside it')
    return signInByFederation(parts, clientId, given)
  }

  return async claim => {
    const { header, clientId, clientSecret, assertion, from } = claim
    const proofs = [header, clientSecret, assertion].filter(one => one !== undefined)
    if (proofs.length > 1) throw InvalidRequest('the client proves itself in more than one way')
    if (proofs.length === 0) throw InvalidClient('The request does not say by what the client proves itself')
    const basic = clientSecret === undefined ? header : basicOf(clientId ?? '', clientSecret)
    const signedIn = assertion === undefined ? await bySecret(basic ?? '', from) : await byAssertion(assertion, claim)
    if (clientId !== undefined && clientId !== signedIn.principal.id)
      throw InvalidRequest('client_id names another client than the one that signs in')
    return signedIn
  }
}

function basicOf(id: string, secret: string): string {
  return `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`
}
