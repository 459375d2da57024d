/** One exchange over HTTP, as the client needs it: nothing is followed, retried or buffered below. */
export type HttpRequest = {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  readonly url: URL
  readonly headers: Readonly<Record<string, string>>
  /** Opened anew for every try. */
  readonly body?: Body
  /** The answer may be of any length; all others are whole within minutes. */
  readonly streams?: boolean
  readonly signal?: AbortSignal
}

export type Body = { readonly size: number; open(): AsyncIterable<Uint8Array> }

export type HttpReply = {
  readonly status: number
  /** Names in lower case; of a repeated header all values. */
  header(name: string): string | undefined
  headers(name: string): readonly string[]
  /** Throws where the connection is cut before the end. */
  readonly body: AsyncIterable<Uint8Array>
  /** To be called where the body is not read to its end. */
  discard(): void
}

export type HttpSend = (request: HttpRequest) => Promise<HttpReply>

export function bodyOf(bytes: Uint8Array): Body {
  return {
    size: bytes.length,
    async *open() {
      yield bytes
    },
  }
}
