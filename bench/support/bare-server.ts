import { createServer } from 'node:http'

// The least that Node does for the same answer: no routing, no authorization, no store.
type Setting = { port: number; path: string; type: string; digest: string; body: string }
const { port, path, type, digest, body }: Setting = JSON.parse(process.env.BARE ?? '')
const bytes = Buffer.from(body, 'base64')
const headers = { 'content-type': type, 'content-length': bytes.length, 'docker-content-digest': digest }

createServer((request, response) => {
  if (request.url !== path) return void response.writeHead(404).end()
  response.writeHead(200, headers).end(bytes)
}).listen(port, '127.0.0.1')
