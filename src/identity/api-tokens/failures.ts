import { failure } from '../../kernel/index.ts'

// Codes of RFC 6749 §5.2 and RFC 8628 §3.5 in capitals: the token endpoint answers with them as they are.

export const InvalidRequest = failure('INVALID_REQUEST', 400, (why: string) => ({
  says: `The token request can't be answered: ${why}`,
  next: 'Send a form with each field once; /.well-known/oauth-authorization-server says what is known here',
}))

export const GrantUnknown = failure('UNSUPPORTED_GRANT_TYPE', 400, (known: readonly string[]) => ({
  says: 'This grant_type is not known here',
  next: `Send one of: ${known.join(', ')}`,
}))

export const InvalidClient = failure('INVALID_CLIENT', 401, (why: string) => ({
  says: why,
  next: 'Send client_id with client_secret (as Basic or in the form), or a client_assertion; an id is shown by: towpath principal list',
}))
