import { failure } from '../../kernel/index.ts'

export const ProviderUnknown = failure('SIGN_IN_PROVIDER_UNKNOWN', 404, (name: string) => ({
  says: `There is no sign-in provider "${name}" in this tenant, or none that you may see`,
  next: 'List them: towpath sign-in-provider list',
}))

export const ProviderNameTaken = failure('SIGN_IN_PROVIDER_NAME_TAKEN', 409, (name: string) => ({
  says: `There is a sign-in provider "${name}" in this tenant already`,
  next: 'Choose another name, or change that one: towpath sign-in-provider update',
}))

export const IssuerUnfit = failure('OIDC_ISSUER_UNFIT', 400, (why: string) => ({
  says: `That issuer can't be used: ${why}`,
  next: 'Give the issuer as its own /.well-known/openid-configuration names it',
}))

// What ends a sign-in is 401: nobody was signed in, and the audit has it. The words are for the page, so none names a person.

export const OidcUnreachable = failure('OIDC_UNREACHABLE', 401, (title: string, why: string) => ({
  says: `${title} can't be asked who you are: ${why}`,
  next: 'Try again in a minute; whoever looks after this tenant can check the provider and outbound.allow',
}))

/** `error` is a code of OAuth2, as the provider sends it. */
export const OidcRefused = failure('OIDC_REFUSED', 401, (title: string, error: string) => ({
  says: `${title} did not sign you in (${error})`,
  next: 'Try again, or ask who looks after your account there',
}))

export const OidcAnswerWrong = failure('OIDC_ANSWER_WRONG', 401, (title: string, why: string) => ({
  says: `What ${title} says of you is not taken: ${why}`,
  next: 'Try again; if it stays so, whoever looks after this tenant must look at the settings of the provider',
}))

export const LoginExpired = failure('OIDC_LOGIN_EXPIRED', 401, (why: string) => ({
  says: `This sign-in was not begun in this browser, or it took too long: ${why}`,
  next: 'Sign in again, in one window and within 10 minutes',
}))

export const NotInvited = failure('OIDC_NOT_INVITED', 401, (title: string, by: 'mail' | 'username') => ({
  says: `${title} knows you, but this tenant has no user that is waiting for you`,
  next: `Ask an owner of the tenant to make a user under your ${by === 'mail' ? 'mail address, which the provider must have verified' : 'user name there'}`,
}))

export const GroupsUnreadable = failure('OIDC_GROUPS_UNREADABLE', 401, (title: string, why: string) => ({
  says: `The groups that ${title} sends can't be read: ${why}`,
  next: 'Let the provider send only the groups of this application, as a list of texts',
}))

export const SignInsBusy = failure('OIDC_BUSY', 429, (title: string) => ({
  says: `Many people are signing in by ${title} just now`,
  next: 'Try again in a few seconds',
}))

export const ReturnRefused = failure('RETURN_REFUSED', 400, () => ({
  says: 'The place to return to after the sign-in is not a path of this host',
  next: 'Give a path such as /registries as return',
}))
