import { Failure } from '../../kernel/index.ts'
import { show } from './hint-commands.ts'
import type { Session } from './session.ts'

const said = new WeakMap<Session, Set<string>>()

/** Shows a failure to the user, the first time that it happens in this run; what nobody expected goes to the log alone. */
export function sayOnce(session: Session, error: unknown): void {
  const before = said.get(session) ?? new Set()
  said.set(session, before)
  const key = error instanceof Failure ? error.code : String(error)
  if (before.has(key)) return
  before.add(key)
  session.log.error({ err: error }, 'Hints are silent')
  if (error instanceof Failure) show(session, `${error.message}. ${error.next}.`)
}
