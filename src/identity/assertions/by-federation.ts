import type { Clock, Store } from '../../kernel/index.ts'
import type { SignedIn } from '../principals/principal.ts'
import { findAbled } from '../principals/principals.ts'
import { checkAssertion, type Unchecked } from './assertion.ts'
import { AssertionRefused } from './failures.ts'
import type { IssuerKeys } from './issuer-keys.ts'
import { readTrusts } from './trusts.ts'

/** Seconds. A workload gets a new one long before; what leaked last year opens nothing. */
const OLDEST = 24 * 3600

type Parts = { store: Store; clock: Clock; issuerKeys: IssuerKeys }

/** A client that brings the token of an issuer that it may come from: GitHub, GitLab, a Kubernetes cluster. */
export async function signInByFederation(
  { store, clock, issuerKeys }: Parts,
  clientId: string,
  given: Unchecked,
): Promise<SignedIn> {
  const principal = await findAbled(store.read, clientId)
  const held = principal ? await readTrusts(store.read, principal.tenantId, principal.id) : []
  const trusted = held.filter(one => one.issuer === given.issuer)
  // Before anybody is asked for keys: only issuers that an owner named are ever called.
  if (!principal || trusted.length === 0) throw AssertionRefused('this client trusts no such issuer')
  if (given.kid === undefined) throw AssertionRefused('it does not say by its kid which key signed it')
  const key = await issuerKeys.find(given.issuer, given.kid)
  if (!key) throw AssertionRefused('its issuer has no key of that kid')
  const checks = { key, now: clock.now(), issuer: given.issuer, oldest: OLDEST, required: [] }
  const { sub, aud } = await checkAssertion(given.token, checks)
  const ofSubject = trusted.filter(one => one.subject === sub)
  if (ofSubject.length === 0) throw AssertionRefused('its "sub" is not one that this client trusts')
  const trust = ofSubject.find(one => [aud].flat().includes(one.audience))
  if (!trust) throw AssertionRefused('its "aud" is not the one that this client trusts for its "sub"')
  return { principal, proof: `federation:${trust.id}` }
}
