import { CommanderError } from 'commander'
import { Failure, failure } from '../../kernel/index.ts'
import { DigestInvalid, ReferenceInvalid, RepositoryInvalid, TagInvalid } from '../../oci/index.ts'

export const MachineRefuses = failure('CLI_MACHINE', 507, (why: string) => ({
  says: `This machine refuses it: ${why}`,
  next: 'Check the path, its permissions and the room on the disk; the same command goes on from here',
}))

/** The same failure as the client's, with the ways in which a command takes credentials. */
const CredentialsRefused = failure('OCI_UNAUTHORIZED', 401, (what: string) => ({
  says: what,
  next: 'Set TOWPATH_USERNAME and TOWPATH_PASSWORD, pipe the password to --username NAME --password-stdin, or sign in by docker login',
}))

// What was typed is wrong, not what was found.
const typed: readonly string[] = [
  ReferenceInvalid.code,
  RepositoryInvalid.code,
  TagInvalid.code,
  DigestInvalid.code,
  'CLI_USAGE',
  'CLI_NOT_AN_ENDPOINT',
  'CLI_PASSWORD_MISSING',
  'CLI_USERNAME_MISSING',
]

/** An error as whoever typed the command should see it. */
export function explained(error: unknown, stderr: { write(text: string): unknown }): unknown {
  if (error instanceof Failure) {
    if (error.is(CredentialsRefused)) return CredentialsRefused(error.message).from(error)
    if (!typed.includes(error.code)) return error
    stderr.write(`towpath: ${error.message}\n  ${error.next}\n`)
    // Whoever runs commands knows this kind as "said already, wrong usage".
    return new CommanderError(2, error.code, error.message)
  }
  const system = error instanceof Error && 'syscall' in error && typeof error.syscall === 'string'
  return system ? MachineRefuses(error.message).from(error) : error
}
