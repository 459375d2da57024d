import { request } from 'node:http'
import { failure, type Ms } from '../kernel/index.ts'

export const NotAnswering = failure('PROCESS_NOT_ANSWERING', 503, (who: string, why: string) => ({
  says: `${who} does not answer (${why})`,
  next: 'See whether it runs: towpath status',
}))

type Call = {
  path: string
  method?: 'GET' | 'POST'
  headers?: Readonly<Record<string, string>>
  timeout: Ms
  signal?: AbortSignal
}
export type SocketAnswer = { status: number; headers: Readonly<Record<string, unknown>>; body: string }

const LARGEST = 16 * 1024 * 1024

/** One short request to another process of this machine over its unix socket. Any status is an answer. */
export function callSocket(socketPath: string, call: Call): Promise<SocketAnswer> {
  const { path, method = 'GET', headers = {}, timeout } = call
  return new Promise((done, fail) => {
    const give = (error: Error) => fail(NotAnswering(socketPath, error.message).from(error))
    const signal = AbortSignal.any([AbortSignal.timeout(timeout), ...(call.signal ? [call.signal] : [])])
    const outgoing = request({ socketPath, path, method, headers, signal }, response => {
      const chunks: Buffer[] = []
      let size = 0
      response.on('data', (chunk: Buffer) => {
        size += chunk.length
        if (size > LARGEST) response.destroy(new Error(`more than ${LARGEST} bytes`))
        else chunks.push(chunk)
      })
      response.on('error', give)
      response.on('end', () =>
        done({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks).toString() }),
      )
    })
    outgoing.on('error', give)
    outgoing.end()
  })
}
