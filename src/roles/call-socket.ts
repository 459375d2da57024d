import { type IncomingMessage, request } from 'node:http'
import { failure, type Ms } from '../kernel/index.ts'

export const NotAnswering = failure('PROCESS_NOT_ANSWERING', 503, (who: string, why: string) => ({
  says: `${who} does not answer (${why})`,
  next: 'See whether it runs: towpath status',
}))

export type SocketCall = {
  path: string
  method?: 'GET' | 'POST'
  headers?: Readonly<Record<string, string>>
  body?: string
  timeout: Ms
  signal?: AbortSignal
}
export type SocketAnswer = { status: number; headers: Readonly<Record<string, unknown>>; body: string }

const LARGEST = 16 * 1024 * 1024

/** One short request to another process of this machine over its unix socket. Any status is an answer. */
export async function callSocket(socketPath: string, call: SocketCall): Promise<SocketAnswer> {
  const signal = AbortSignal.any([AbortSignal.timeout(call.timeout), ...(call.signal ? [call.signal] : [])])
  try {
    return await readWhole(await begin(socketPath, call, signal))
  } catch (error) {
    throw NotAnswering(socketPath, error instanceof Error ? error.message : String(error)).from(error)
  }
}

/** The body as it comes, of any length; `timeout` is for its beginning and for each pause in it, as long as somebody reads. */
export async function streamSocket(
  socketPath: string,
  call: Omit<SocketCall, 'signal'>,
): Promise<{ status: number; whole: () => Promise<string>; chunks: () => AsyncGenerator<Buffer> }> {
  const starting = new AbortController()
  const late = setTimeout(() => starting.abort(new Error('no answer in time')), call.timeout)
  try {
    const response = await begin(socketPath, call, starting.signal)
    return {
      status: response.statusCode ?? 0,
      whole: async () => (await readWhole(response)).body,
      chunks: () => chunksOf(response, call.timeout),
    }
  } catch (error) {
    throw NotAnswering(socketPath, error instanceof Error ? error.message : String(error)).from(error)
  } finally {
    clearTimeout(late)
  }
}

function begin(socketPath: string, call: Omit<SocketCall, 'timeout'>, signal: AbortSignal): Promise<IncomingMessage> {
  const { path, method = 'GET', headers = {}, body } = call
  return new Promise((done, fail) => {
    const outgoing = request({ socketPath, path, method, headers, signal }, done)
    outgoing.on('error', fail)
    outgoing.end(body)
  })
}

async function readWhole(response: IncomingMessage): Promise<SocketAnswer> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > LARGEST) throw new Error(`more than ${LARGEST} bytes`)
    chunks.push(chunk)
  }
  return { status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks).toString() }
}

/** The time counts only while somebody waits for more: a reader may be as slow as it likes. */
async function* chunksOf(response: IncomingMessage, patience: Ms): AsyncGenerator<Buffer> {
  const chunks = (response as AsyncIterable<Buffer>)[Symbol.asyncIterator]()
  try {
    for (;;) {
      const late = setTimeout(() => response.destroy(new Error(`nothing for ${patience} ms`)), patience)
      const { done, value } = await chunks.next().finally(() => clearTimeout(late))
      if (done) return
      yield value
    }
  } finally {
    response.destroy()
  }
}
