import { type CancellationToken, LSPErrorCodes, ResponseError } from 'vscode-languageserver/node'
import { Failure, type Log } from '../../kernel/index.ts'
import { abortOn } from './abort-on.ts'

/** Runs what was asked. What went wrong is said in words for the user; what nobody expected goes to the log whole. */
export async function answer<T>(
  what: string,
  { log, token }: { log: Log; token: CancellationToken },
  run: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const signal = abortOn(token)
  try {
    return await run(signal)
  } catch (error) {
    if (signal.aborted) throw new ResponseError(LSPErrorCodes.RequestCancelled, `${what} was cancelled`)
    if (error instanceof ResponseError) throw error
    if (error instanceof Failure)
      throw new ResponseError(LSPErrorCodes.RequestFailed, `${error.message}. ${error.next}.`)
    log.error({ err: error }, `${what} failed`)
    throw new ResponseError(LSPErrorCodes.RequestFailed, `${what} failed: the server’s log says why`)
  }
}
