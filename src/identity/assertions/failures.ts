import { failure } from '../../kernel/index.ts'

export const CertificateUnusable = failure('CERTIFICATE_UNUSABLE', 400, (why: string) => ({
  says: `That certificate can't be used: ${why}`,
  next: 'Give one certificate in PEM form, in force, with an RSA key of 2048 to 8192 bits, a P-256 or P-384 key, or an Ed25519 key',
}))

export const IssuerUnusable = failure('ISSUER_UNUSABLE', 503, (issuer: string, why: string) => ({
  says: `The keys of ${issuer} can't be had: ${why}`,
  next: 'Check that the issuer is reached from here, at <issuer>/.well-known/openid-configuration; private addresses need outbound.allow',
}))

export const TooManyAssertions = failure('TOO_MANY_ASSERTIONS', 429, (most: number) => ({
  says: `This client signed in ${most} times within a few minutes`,
  next: 'Keep a token until it expires: it is good for 15 minutes',
  detail: { retryAfter: 60 },
}))

/** What an assertion is refused with; nothing of it is repeated. */
export const AssertionRefused = failure('INVALID_CLIENT', 401, (why: string) => ({
  says: `The client assertion is refused: ${why}`,
  next: 'See what this client may sign in with: towpath principal certificate list, towpath principal federation list',
}))
