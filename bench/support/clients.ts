import { createReadStream, statSync } from 'node:fs'
import { Agent, type IncomingMessage, type RequestOptions, request } from 'node:http'
import type { Readable } from 'node:stream'
import { run } from '../../test/peers/support/process.ts'
import { debianPeer } from '../../test/peers/support/tools.ts'
import type { Work } from './measure.ts'

type Headers = Record<string, string>

/** wrk on one thread. Throws where anything but 200 came back. */
export async function wrk(url: string, headers: Headers, connections: number, seconds: number): Promise<Work> {
  const shape = ['-t1', `-c${connections}`, `-d${seconds}s`, '--latency', '--timeout', '30s']
  const text = await run(debianPeer('wrk'), [...shape, ...headerFlags(headers), url])
  if (/Non-2xx|Socket errors/.test(text)) throw new Error(`${url}\n${text}`)
  const done = /(\d+) requests in ([\d.]+)(m?s), ([\d.]+)([KMGT]?B) read/.exec(text)
  if (!done) throw new Error(`wrk said:\n${text}`)
  const [, requests, time, unit, size, scale] = done
  return {
    requests: Number(requests),
    seconds: Number(time) * (unit === 'ms' ? 0.001 : 1),
    bytes: Number(size) * (BYTES[scale ?? ''] ?? Number.NaN),
    p50: latency(text, '50%'),
    p99: latency(text, '99%'),
  }
}

const BYTES: Record<string, number> = { B: 1, KB: 2 ** 10, MB: 2 ** 20, GB: 2 ** 30, TB: 2 ** 40 }
const SECONDS: Record<string, number> = { us: 1e-6, ms: 1e-3, s: 1, m: 60 }

function latency(text: string, percent: string): number {
  const match = new RegExp(`${percent}\\s+([\\d.]+)(us|ms|s|m)\\b`).exec(text)
  return Number(match?.[1]) * (SECONDS[match?.[2] ?? ''] ?? Number.NaN)
}

/** One curl that fetches the URL so often, one after the other over one connection. */
export async function curlGet(url: string, headers: Headers, times: number): Promise<Work> {
  const from = performance.now()
  const targets = Array.from({ length: times }, () => ['-o', '/dev/null', url]).flat()
  const told = '%{size_download} %{time_total}\n'
  const text = await run('curl', ['-sS', '-f', '-w', told, ...headerFlags(headers), ...targets])
  const seconds = (performance.now() - from) / 1000
  const each = text
    .trim()
    .split('\n')
    .map(line => line.split(' ').map(Number))
  const bytes = each.reduce((sum, [size]) => sum + (size ?? 0), 0)
  const waits = each.map(([, time]) => time ?? Number.NaN).sort((a, b) => a - b)
  const at = (part: number) => waits[Math.min(waits.length - 1, Math.floor(waits.length * part))] ?? Number.NaN
  return { requests: each.length, bytes, seconds, p50: at(0.5), p99: at(0.99) }
}

/** POST, then one PUT of a file over the same connection: how most clients push. */
export async function pushFile(
  base: string,
  headers: Headers,
  repository: string,
  file: string,
  digest: string,
): Promise<Work> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  const from = performance.now()
  const opened = await send(`${base}/v2/${repository}/blobs/uploads/`, { method: 'POST', agent, headers })
  const to = new URL(opened.headers.location ?? '', base)
  to.searchParams.set('digest', digest)
  const bytes = statSync(file).size
  const own = { ...headers, 'content-type': 'application/octet-stream', 'content-length': bytes }
  const body = createReadStream(file, { highWaterMark: 1024 * 1024 })
  const done = await send(to.href, { method: 'PUT', agent, headers: own }, body)
  agent.destroy()
  if (done.statusCode !== 201) throw new Error(`${to.href} answered ${done.statusCode}`)
  return { requests: 1, bytes, seconds: (performance.now() - from) / 1000 }
}

function send(url: string, options: RequestOptions, body?: Readable): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const asked = request(url, options, response => {
      response.resume()
      response.once('end', () => resolve(response))
      response.once('error', reject)
    })
    asked.once('error', reject)
    if (body) body.once('error', reject).pipe(asked)
    else asked.end()
  })
}

function headerFlags(headers: Headers): string[] {
  return Object.entries(headers).flatMap(([name, value]) => ['-H', `${name}:${value === '' ? '' : ` ${value}`}`])
}
