import type { CancellationToken } from 'vscode-languageserver/node'
import { z } from 'zod'
import { failure } from '../../kernel/index.ts'
import { answer } from './answer.ts'
import { type Commands, command } from './commands.ts'
import type { Session } from './session.ts'

const RequestInvalid = failure('MENTOR_REQUEST_INVALID', 400, (method: string, why: string) => ({
  says: `The parameters of ${method} do not fit: ${why}`,
  next: 'Compare them with docs/mentor-protocol.md',
}))

export type Asked = { session: Session; signal: AbortSignal }

/** A request of our own, `towpathMentor/<name>`, and the command that asks the same. */
export type Ask<S extends z.ZodType = z.ZodType> = {
  readonly shape: S
  run(params: z.output<S>, asked: Asked): Promise<unknown>
}

export function ask<S extends z.ZodType>(shape: S, run: Ask<S>['run']): Ask {
  return { shape, run: (params, asked) => run(params as z.output<S>, asked) }
}

export type Asks = Readonly<Record<string, Ask>>

export function serveAsks(session: Session, asks: Asks): void {
  const { connection, log } = session
  for (const [name, { shape, run }] of Object.entries(asks)) {
    const method = `towpathMentor/${name}`
    connection.onRequest(
      method,
      (...given: [params: unknown, token: CancellationToken] | [token: CancellationToken]) => {
        // The library leaves parameters out where the editor did.
        const [token, params] = given.length === 1 ? [given[0], {}] : [given[1], given[0]]
        return answer(method, { log, token }, async signal => {
          const read = shape.safeParse(params ?? {})
          if (!read.success) throw RequestInvalid(method, z.prettifyError(read.error))
          return run(read.data, { session, signal })
        })
      },
    )
  }
}

/** An editor that only runs commands gets the same by one. */
export function commandsOf(asks: Asks): Commands {
  return Object.fromEntries(Object.entries(asks).map(([name, { shape, run }]) => [name, command(shape, run)]))
}
