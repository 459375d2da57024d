import { X509Certificate } from '@sigstore/core'
import type { Signer } from './signature.ts'

// Fulcio's, where the OpenID issuer stands: the second as DER text.
const ISSUER = '1.3.6.1.4.1.57264.1.1'
const ISSUER_DER = '1.3.6.1.4.1.57264.1.8'
const CERTIFICATE_CHARS = 64 * 1024

/** Whom a certificate names, as PEM or DER. Undefined where there is none, or none that can be read. */
export function readCertificate(given: string | Buffer | undefined): Signer | undefined {
  if (given === undefined || given.length === 0 || given.length > CERTIFICATE_CHARS) return undefined
  try {
    // The copy is in a buffer of its own, as the library's type asks.
    const certificate = X509Certificate.parse(typeof given === 'string' ? given : Buffer.from(given))
    const der = certificate.extension(ISSUER_DER)?.valueObj.subs[0]?.value
    const issuer = (der ?? certificate.extension(ISSUER)?.value)?.toString('utf8') ?? ''
    return { subject: (certificate.subjectAltName ?? '').slice(0, 500), issuer: issuer.slice(0, 500) }
  } catch {
    // The library throws whatever its ASN.1 reader meets. Nothing hangs on it: the names are shown, not trusted.
    return undefined
  }
}
