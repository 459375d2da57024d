import { failure } from '../failure.ts'

export const BodyTooLarge = failure('BODY_TOO_LARGE', 413, (limit: number) => ({
  says: `The body is larger than ${limit} bytes`,
  next: 'Send less, or have the limit raised',
}))

export const HeaderTwice = failure('HEADER_TWICE', 400, (name: string) => ({
  says: `The header ${name} stands in the request twice`,
  next: 'Send it once; look at what a proxy in between adds',
}))

/** Nobody is left to answer: 499 is seen by tests and logs only. */
export const ClientGone = failure('CLIENT_GONE', 499, () => ({
  says: 'The client went away before the request was over',
  next: 'Try again',
}))

export const Broken = failure('INTERNAL', 500, (id: string) => ({
  says: 'Something went wrong here',
  next: `Look for ${id} in the log, or give it to those who run this`,
}))

export const CannotListen = failure('CANNOT_LISTEN', 500, (where: string, code: string) => ({
  says: `Cannot listen on ${where} (${code})`,
  next:
    code === 'EADDRINUSE'
      ? 'Stop what uses it, or choose another with listen in towpath.yaml'
      : 'Check the address and the right to use it',
}))

/** The connection was cut, so that a short body never looks whole. */
export const SourceBroken = failure('SOURCE_BROKEN', 500, (sent: number, length: number) => ({
  says: `The source ended or failed after ${sent} of ${length} bytes`,
  next: 'Check the store that the bytes come from',
}))

/** Of the connection, not of us: nothing that a log needs to hear of. */
export function isClientGone(error: unknown): boolean {
  if (!(error instanceof Error) || !('code' in error)) return false
  return GONE.has(String(error.code))
}

const GONE = new Set([
  ClientGone.code,
  'ECONNRESET',
  'EPIPE',
  'ECANCELED',
  'ERR_STREAM_PREMATURE_CLOSE',
  'ERR_STREAM_DESTROYED',
  'ERR_STREAM_WRITE_AFTER_END',
])
