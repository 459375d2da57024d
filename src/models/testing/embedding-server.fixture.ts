import { createServer, type IncomingMessage } from 'node:http'
import { z } from 'zod'

type SeenTexts = { path: string; headers: IncomingMessage['headers']; model: string; input: string[] }
export type EmbeddingServer = { url: string; seen: SeenTexts[]; close(): Promise<void> }

const Body = z.looseObject({ model: z.string(), input: z.array(z.string()), encoding_format: z.literal('float') })

/**
 * A real HTTP server for OpenAI's `/embeddings`. `answer` gives a vector for each text, or whatever else is to be
 * answered; undefined never answers. Tests only.
 */
export async function embeddingServer(
  answer: (input: string[]) => number[][] | { status: number; body: string } | undefined,
): Promise<EmbeddingServer> {
  const seen: SeenTexts[] = []
  const server = createServer(async (req, res) => {
    let text = ''
    for await (const chunk of req) text += chunk
    const { model, input } = Body.parse(JSON.parse(text))
    seen.push({ path: req.url ?? '', headers: req.headers, model, input })
    const answered = answer(input)
    if (answered === undefined) return
    if (!Array.isArray(answered)) {
      res.writeHead(answered.status).end(answered.body)
      return
    }
    // The last first: the order is told by `index`.
    const data = answered.map((embedding, index) => ({ object: 'embedding', index, embedding })).reverse()
    res.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ object: 'list', data }))
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  return {
    url: `http://localhost:${typeof address === 'object' && address ? address.port : 0}`,
    seen,
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
