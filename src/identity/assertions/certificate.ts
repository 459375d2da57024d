import { createHash, X509Certificate } from 'node:crypto'
import type { Ms } from '../../kernel/index.ts'
import { CertificateUnusable } from './failures.ts'
import { algorithmsOf } from './key-kinds.ts'

/** What is kept of a certificate. */
export type CertificateFacts = {
  /** SHA-256 of the whole, as `x5t#S256` has it (RFC 7515 §4.1.8). */
  readonly thumbprint: string
  /** Who it says it is; for people only. */
  readonly subject: string
  /** SPKI, as PEM. */
  readonly publicKey: string
  /** UTC milliseconds. */
  readonly notBefore: Ms
  readonly notAfter: Ms
}

/** Throws `CertificateUnusable`. Who signed it is not asked: what counts is that it was registered. */
export function readCertificate(pem: string, now: Ms): CertificateFacts {
  if (/PRIVATE KEY/.test(pem))
    throw CertificateUnusable('there is a private key in it, which should never leave its machine')
  if (pem.split('-----BEGIN CERTIFICATE-----').length !== 2) throw CertificateUnusable('it is not one certificate')
  const certificate = parse(pem)
  const key = certificate.publicKey
  if (algorithmsOf(key).length === 0)
    throw CertificateUnusable('its key is too weak or of a kind that is not known here')
  const facts = {
    thumbprint: createHash('sha256').update(certificate.raw).digest('base64url'),
    subject: certificate.subject.replaceAll('\n', ', ').slice(0, 300),
    publicKey: key.export({ type: 'spki', format: 'pem' }).toString(),
    notBefore: certificate.validFromDate.getTime(),
    notAfter: certificate.validToDate.getTime(),
  }
  if (!(facts.notAfter > now)) throw CertificateUnusable('it has expired')
  if (!(facts.notBefore <= now)) throw CertificateUnusable('it is not in force yet')
  return facts
}

function parse(pem: string): X509Certificate {
  try {
    return new X509Certificate(pem)
  } catch (error) {
    throw CertificateUnusable('it can not be read').from(error)
  }
}
