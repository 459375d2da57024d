import { Failure, hideSecrets } from '../../kernel/index.ts'
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
  const secrets = credentials ? secretsOf(credentials) : []
  const told = (text: string) => hideSecrets(text, secrets).slice(0, 1000)
  return { code: error.code, status: error.status, says: told(error.message), next: told(error.next) }
}

function secretsOf({ username, password }: ImportCredentials): string[] {
  return [Buffer.from(`${username}:${password}`).toString('base64'), password]
}
