import { X509Certificate } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import { failure } from '../failure.ts'

export const AuthoritiesUnusable = failure('AUTHORITIES_UNUSABLE', 400, (path: string, why: string) => ({
  says: `The certificate authorities in ${path} cannot be used: ${why}`,
  next: 'Name a PEM file with the certificate of the authority that signed the host’s own',
}))

/** A system's whole bundle is a quarter of this. */
const LARGEST = 1024 * 1024
const ONE = /-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g

/** The certificates of a PEM file, for `ca` of a client. */
export function readAuthorities(path: string): string[] {
  const found = read(path).match(ONE) ?? []
  if (found.length === 0) throw AuthoritiesUnusable(path, 'it holds no certificate')
  try {
    for (const pem of found) new X509Certificate(pem)
  } catch (error) {
    throw AuthoritiesUnusable(path, 'one of them is damaged').from(error)
  }
  return found
}

function read(path: string): string {
  try {
    if (statSync(path).size > LARGEST) throw AuthoritiesUnusable(path, 'it is larger than 1 MiB')
    return readFileSync(path, 'utf8')
  } catch (error) {
    if (!(error instanceof Error) || !('syscall' in error) || !('code' in error)) throw error
    throw AuthoritiesUnusable(path, `it cannot be read (${error.code})`).from(error)
  }
}
