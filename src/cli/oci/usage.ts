import { type Failure, failure } from '../../kernel/index.ts'

const Usage = failure('CLI_USAGE', 400, (says: string, next: string) => ({ says, next }))

/** The command was asked for in a way that makes no sense. */
export function usage(says: string, next: string): Failure {
  return Usage(says, next)
}
