import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import { z } from 'zod'

/** A question as it reached the server, whatever the format. */
export type SeenAsk = {
  path: string
  query: string
  headers: IncomingMessage['headers']
  system: string
  messages: { role: string; text: string }[]
  body: Record<string, unknown>
  /** Resolves when the connection of the answer is over, whole or not. */
  over: Promise<unknown>
}

export type Reply = {
  /** Each a piece of the stream. */
  pieces?: readonly string[]
  finish?: 'stop' | 'length' | 'content_filter'
  /** Other than 200: `body` is the answer. */
  status?: number
  headers?: Readonly<Record<string, string>>
  body?: string
  /** Waited for before each piece and the end. */
  before?: (piece: number) => Promise<unknown>
  /** Closes the connection after the pieces. */
  cut?: true
}

export type ModelServer = { url: string; port: number; seen: SeenAsk[]; close(): Promise<void> }

/**
 * A real HTTP server that speaks the formats of OpenAI (`/chat/completions`) and Anthropic (`/messages`), streamed, and
 * answers what `answer` says. Tests only.
 */
export async function modelServer(
  answer: (ask: SeenAsk) => Reply | Promise<Reply>,
  tls?: { cert: string; key: string },
): Promise<ModelServer> {
  const seen: SeenAsk[] = []
  const handle = async (req: IncomingMessage, res: ServerResponse) => {
    const ask = { ...(await readAsk(req)), over: once(res, 'close') }
    seen.push(ask)
    await write(ask, await answer(ask), res)
  }
  const listener = (req: IncomingMessage, res: ServerResponse) => {
    handle(req, res).catch(error => res.writeHead(599).end(String(error)))
  }
  const server = tls ? createSecureServer(tls, listener) : createServer(listener)
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  return {
    url: `http${tls ? 's' : ''}://localhost:${port}`,
    port,
    seen,
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

const Part = z.object({ type: z.literal('text'), text: z.string() })
const Content = z.union([z.string(), z.array(Part).transform(parts => parts.map(({ text }) => text).join(''))])
const Body = z.looseObject({
  system: Content.optional(),
  messages: z.array(z.object({ role: z.string(), content: Content })),
  stream: z.literal(true),
})

async function readAsk(req: IncomingMessage): Promise<Omit<SeenAsk, 'over'>> {
  let text = ''
  for await (const chunk of req) text += chunk
  const body = Body.parse(JSON.parse(text))
  const [path = '', query = ''] = (req.url ?? '').split('?')
  const all = body.messages.map(({ role, content }) => ({ role, text: content }))
  const system = body.system ?? all.find(({ role }) => role === 'system')?.text ?? ''
  return { path, query, headers: req.headers, system, messages: all.filter(({ role }) => role !== 'system'), body }
}

async function write(ask: SeenAsk, reply: Reply, res: ServerResponse): Promise<void> {
  if (reply.status !== undefined && reply.status !== 200) {
    res.writeHead(reply.status, reply.headers).end(reply.body ?? '')
    return
  }
  const format = ask.path.endsWith('/messages') ? anthropic : openai
  const pieces = reply.pieces ?? []
  res.writeHead(200, { 'content-type': 'text/event-stream', ...reply.headers })
  res.flushHeaders()
  for (const [n, piece] of pieces.entries()) {
    await reply.before?.(n)
    if (res.destroyed) return
    res.write(format.piece(piece, n))
  }
  await reply.before?.(pieces.length)
  if (reply.cut) res.socket?.end()
  else res.end(reply.body ?? format.end(reply.finish ?? 'stop', pieces))
}

function event(data: unknown, name?: string): string {
  return `${name ? `event: ${name}\n` : ''}data: ${JSON.stringify(data)}\n\n`
}

const openai = {
  piece: (content: string) =>
    event({ id: 'c', model: 'm', created: 1, choices: [{ index: 0, delta: { content }, finish_reason: null }] }),
  end: (finish_reason: string, pieces: readonly string[]) =>
    event({ id: 'c', model: 'm', created: 1, choices: [{ index: 0, delta: {}, finish_reason }] }) +
    event({
      id: 'c',
      model: 'm',
      created: 1,
      choices: [],
      usage: { prompt_tokens: 7, completion_tokens: pieces.length, total_tokens: 7 + pieces.length },
    }) +
    'data: [DONE]\n\n',
}

const STOPS: Readonly<Record<string, string>> = { stop: 'end_turn', length: 'max_tokens', content_filter: 'refusal' }

const anthropic = {
  piece: (text: string, n: number) =>
    (n > 0 ? '' : anthropicStart()) +
    event({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text } }, 'content_block_delta'),
  end: (finish: string, pieces: readonly string[]) =>
    (pieces.length > 0 ? '' : anthropicStart()) +
    event({ type: 'content_block_stop', index: 0 }, 'content_block_stop') +
    event(
      {
        type: 'message_delta',
        delta: { stop_reason: STOPS[finish], stop_sequence: null },
        usage: { output_tokens: pieces.length },
      },
      'message_delta',
    ) +
    event({ type: 'message_stop' }, 'message_stop'),
}

function anthropicStart(): string {
  const usage = { input_tokens: 7, output_tokens: 0 }
  const message = { id: 'm', type: 'message', role: 'assistant', content: [], model: 'm', stop_reason: null, usage }
  return (
    event({ type: 'message_start', message }, 'message_start') +
    event({ type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } }, 'content_block_start')
  )
}
