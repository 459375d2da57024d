import type { WorkDoneProgressReporter } from 'vscode-languageserver/node'
import { z } from 'zod'
import { failure } from '../../kernel/index.ts'
import { answer } from './answer.ts'
import type { Session } from './session.ts'

export type Context = { session: Session; signal: AbortSignal; progress: WorkDoneProgressReporter }

/** What `workspace/executeCommand` runs, by the name after `towpath.mentor.`. */
export type Command = {
  /** `argument` is the first that the editor sent, whatever it is. */
  run(argument: unknown, context: Context): Promise<unknown>
}

export type Commands = Readonly<Record<string, Command>>

export const PREFIX = 'towpath.mentor.'

const CommandUnknown = failure('MENTOR_COMMAND_UNKNOWN', 404, (name: string) => ({
  says: `There is no command ${name.slice(0, 100)}`,
  next: 'Use one of those that the server named when it started',
}))
const ArgumentInvalid = failure('MENTOR_ARGUMENT_INVALID', 400, (why: string) => ({
  says: `The argument does not fit: ${why}`,
  next: 'Compare it with docs/mentor-protocol.md',
}))

/** A command whose argument has a shape; what has another is told so. */
export function command<S extends z.ZodType>(
  shape: S,
  run: (argument: z.output<S>, context: Context) => Promise<unknown>,
): Command {
  return {
    async run(argument, context) {
      const read = shape.safeParse(argument)
      if (!read.success) throw ArgumentInvalid(z.prettifyError(read.error))
      return run(read.data, context)
    },
  }
}

export function serveCommands(session: Session, commands: Commands): void {
  const { connection, log } = session
  connection.onExecuteCommand(({ command: name, arguments: list }, token, progress) =>
    answer(name, { log, token }, async signal => {
      const known = name.startsWith(PREFIX) ? commands[name.slice(PREFIX.length)] : undefined
      if (known === undefined) throw CommandUnknown(name)
      return (await known.run(list?.[0], { session, signal, progress })) ?? null
    }),
  )
}
