/** `invited`: signs in who was made before, as a user. `automatic`: whom the provider knows becomes a user without a role. */
export type Provisioning = 'invited' | 'automatic'

/** What of a person is the name of the user who waits: the verified mail address, or the user name at the provider. */
export type InvitedBy = 'mail' | 'username'

/** Who has this in the groups claim is in that group of ours, from sign-in to sign-in. */
export type ProvidedGroup = { readonly value: string; readonly groupId: string }

/** An OpenID provider that vouches for people of one tenant. */
export type SignInProvider = {
  readonly tenantId: string
  /** `sip_…`. One that was deleted and made again is another: it knows nobody yet. */
  readonly id: string
  /** Unique in its tenant. */
  readonly name: string
  /** What people read on the button. */
  readonly title: string
  readonly issuer: string
  readonly clientId: string
  readonly scopes: readonly string[]
  /** The claim that lists groups; '' where none is looked at. */
  readonly groupsClaim: string
  readonly provisioning: Provisioning
  readonly invitedBy: InvitedBy
  readonly groups: readonly ProvidedGroup[]
  readonly createdAt: number
}

/** What its client secret is sealed for: it opens nowhere else. */
export function secretContext({ tenantId, id }: Pick<SignInProvider, 'tenantId' | 'id'>): string {
  return `tenants/${tenantId}/sign-in-providers/${id}`
}
