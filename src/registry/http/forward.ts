import { type ClientRequest, type IncomingMessage, request, type ServerResponse } from 'node:http'
import { pipeline } from 'node:stream/promises'
import { NodeAway, UploadUnknown } from '../failures.ts'
import { nodeOf } from '../uploads/uploads.ts'

/** The unix socket of a node by its name; undefined where the region has no such node. */
export type Forward = (node: string) => string | undefined

/** Marks a request that came from a sibling, so that it never goes round. */
export const FORWARDED = 'x-towpath-forwarded'

/**
 * Hands the request to the node that holds the upload, body and all, and its answer back. The bytes are neither
 * looked at nor kept here.
 */
export async function forwardUpload(
  req: IncomingMessage,
  res: ServerResponse,
  forward: Forward,
  id: string,
): Promise<void> {
  const socketPath = req.headers[FORWARDED] === undefined ? forward(nodeOf(id)) : undefined
  if (socketPath === undefined) throw UploadUnknown(id)
  const { sent, answer } = await send(req, socketPath, id)
  // Whoever answers before the body's end wants no more of it. A pipe would hold the rest back with the node that takes
  // none, and the client's next request behind it; without one `serveHttp` reads it, as after an answer of our own.
  req.unpipe(sent)
  res.writeHead(answer.statusCode ?? 502, withoutHopByHop(answer.rawHeaders))
  await pipeline(answer, res)
  if (!sent.writableEnded) sent.destroy()
}

type Sent = { sent: ClientRequest; answer: IncomingMessage }

function send(req: IncomingMessage, socketPath: string, id: string): Promise<Sent> {
  return new Promise((resolve, reject) => {
    const headers = [...withoutHopByHop(req.rawHeaders), FORWARDED, '1']
    if (req.headers['transfer-encoding'] !== undefined) headers.push('Transfer-Encoding', 'chunked')
    const sent = request({ socketPath, method: req.method, path: req.url, headers }, answer =>
      resolve({ sent, answer }),
    )
    sent.on('error', error => reject(NodeAway(id).from(error)))
    // The client going away must show there as a broken body, so that the upload stays resumable.
    req.on('error', error => sent.destroy(error))
    req.on('aborted', () => sent.destroy())
    req.pipe(sent)
  })
}

const HOP_BY_HOP = new Set(['connection', 'keep-alive', 'transfer-encoding', 'te', 'trailer', 'upgrade', 'expect'])

function withoutHopByHop(raw: readonly string[]): string[] {
  const kept: string[] = []
  for (let i = 0; i + 1 < raw.length; i += 2) {
    const name = raw[i] ?? ''
    if (!HOP_BY_HOP.has(name.toLowerCase())) kept.push(name, raw[i + 1] ?? '')
  }
  return kept
}
