import { appendFileSync, readFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { z } from 'zod'
import { hideSecrets, isSecretName } from '../../kernel/index.ts'

const Exchange = z.strictObject({
  path: z.string(),
  request: z.string(),
  status: z.int(),
  type: z.string(),
  /** As they came. */
  pieces: z.array(z.string()),
})
type Exchange = z.infer<typeof Exchange>

export type RecordingServer = { url: string; close(): Promise<void> }

/**
 * Stands before the model server at `upstream` and writes each exchange into `file`, a line of JSON each. Of headers
 * only the answer's type is kept, and what a secret header held is hidden wherever it is repeated. Tests only.
 */
export async function recordModel(upstream: string, file: string): Promise<RecordingServer> {
  return serve(async (req, res) => {
    const request = await textOf(req)
    const secrets = Object.entries(req.headers).flatMap(([name, value]) =>
      isSecretName(name) && typeof value === 'string' ? [value, value.replace(/^Bearer /, '')] : [],
    )
    const { host: _, connection: __, 'content-length': ___, ...headers } = req.headers
    const answer = await fetch(upstream + req.url, {
      method: 'POST',
      headers: Object.entries(headers).map(([name, value]): [string, string] => [name, String(value)]),
      body: request,
    })
    const type = answer.headers.get('content-type') ?? ''
    res.writeHead(answer.status, { 'content-type': type })
    const pieces: string[] = []
    for await (const chunk of answer.body ?? []) {
      res.write(chunk)
      pieces.push(hideSecrets(Buffer.from(chunk).toString(), secrets))
    }
    const path = (req.url ?? '').split('?', 1)[0] ?? ''
    const exchange: Exchange = { path, request: hideSecrets(request, secrets), status: answer.status, type, pieces }
    appendFileSync(file, `${JSON.stringify(exchange)}\n`)
    res.end()
  })
}

/**
 * A model server that answers as was recorded: each question in the order of the file, and one of another path or past
 * the end with a 599 that says so. What is asked may differ from what was recorded: it holds paths of this machine.
 */
export async function replayModel(file: string): Promise<RecordingServer> {
  const left = readFileSync(file, 'utf8')
    .split('\n')
    .filter(line => line !== '')
    .map(line => Exchange.parse(JSON.parse(line)))
  return serve(async (req, res) => {
    await textOf(req)
    const exchange = left.shift()
    const path = (req.url ?? '').split('?', 1)[0]
    if (exchange === undefined || exchange.path !== path) {
      res.writeHead(599).end(`${path} was asked, and ${exchange?.path ?? 'nothing more'} was recorded`)
      return
    }
    res.writeHead(exchange.status, { 'content-type': exchange.type })
    for (const piece of exchange.pieces) res.write(piece)
    res.end()
  })
}

async function serve(handle: (req: IncomingMessage, res: ServerResponse) => Promise<void>): Promise<RecordingServer> {
  const server = createServer((req, res) => {
    handle(req, res).catch(error => res.destroy(error))
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  return {
    url: `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`,
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

async function textOf(req: IncomingMessage): Promise<string> {
  let text = ''
  for await (const chunk of req) text += chunk
  return text
}
