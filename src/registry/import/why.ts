import { Failure, scrub } from '../../kernel/index.ts'
import type { ImportCredentials, ImportError } from './import.ts'

/** Their status is a bad gateway's, and they stay. */
const LASTING = ['OCI_PROTOCOL', 'OCI_BYTES_DIFFER']

/** Whether another try may do better: the way broke, or somebody is busy, here or there. */
export function isPassing(error: unknown): boolean {
  if (!(error instanceof Failure)) return true
  return error.status === 429 || (error.status >= 500 && !LASTING.includes(error.code))
}

/** What people are told. A source may send back what it was sent. */
export function errorOf(error: unknown, credentials: ImportCredentials | undefined): ImportError {
  if (!(error instanceof Failure)) {
    return {
      ...{ code: 'INTERNAL', status: 500, says: 'Something went wrong in the region' },
      next: 'See the log of the region, and report it',
    }
  }
  const hide = hider(credentials)
  return { code: error.code, status: error.status, says: hide(error.message), next: hide(error.next) }
}

function hider(credentials: ImportCredentials | undefined): (text: string) => string {
  const { username = '', password = '' } = credentials ?? {}
  const basic = Buffer.from(`${username}:${password}`).toString('base64')
  const secrets = credentials && password.length >= 4 ? [basic, password] : []
  const plain = (text: string) => scrub(text).replaceAll('\0', '').toWellFormed().slice(0, 1000)
  return text => plain(secrets.reduce((left, secret) => left.replaceAll(secret, '(hidden)'), text))
}
