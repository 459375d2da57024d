import { type IncomingMessage, request as plainRequest } from 'node:http'
import { request as secureRequest } from 'node:https'
import { text } from 'node:stream/consumers'
import { type Command, Option } from 'commander'
import { z } from 'zod'
import { problemShape } from '../api/index.ts'
import { AnswerUnknown, answered, NotTowpath, PasswordMissing, Unreachable } from './failures.ts'

export type ApiOptions = {
  server: string
  username: string
  passwordStdin?: boolean
  output: 'table' | 'json' | 'yaml' | 'tsv'
}

/** The options of every command that talks to a server. */
export function apiOptions(command: Command): Command {
  return command
    .addOption(new Option('--server <url>', 'the API').env('TOWPATH_SERVER').default('http://127.0.0.1:7070'))
    .addOption(new Option('--username <name>', 'who signs in').env('TOWPATH_USERNAME').default('admin'))
    .option('--password-stdin', 'read the password from standard input (else TOWPATH_PASSWORD)')
    .addOption(
      new Option('-o, --output <form>', 'how data is written')
        .choices(['table', 'json', 'yaml', 'tsv'])
        .default('table'),
    )
}

const PATIENCE_MS = 30_000

type Call<S extends z.ZodType> = {
  method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  path: string
  body?: unknown
  answer: S
}

/** One request as admin; what is not a success is thrown as the failure that the server named. */
export async function callApi<S extends z.ZodType>(options: ApiOptions, call: Call<S>): Promise<z.output<S>> {
  const response = await send(options.server, await authorization(options), call)
  const body = await text(response)
  const status = response.statusCode ?? 0
  if (status === 204) return call.answer.parse(undefined)
  const parsed = parseJson(body)
  if (status >= 200 && status < 300) {
    const answer = call.answer.safeParse(parsed)
    if (!answer.success) throw AnswerUnknown(z.prettifyError(answer.error))
    return answer.data
  }
  throw failed(options.server, status, parsed)
}

/** An answer of any length, as it comes; what is not a success is thrown as by `callApi`. */
export async function streamApi(options: ApiOptions, path: string): Promise<IncomingMessage> {
  const response = await send(options.server, await authorization(options), { path, answer: z.unknown() }, false)
  if (response.statusCode === 200) return response
  throw failed(options.server, response.statusCode ?? 0, parseJson(await text(response)))
}

function failed(server: string, status: number, parsed: unknown): Error {
  const told = problemShape.safeParse(parsed)
  return told.success ? answered(told.data) : NotTowpath(server, status)
}

async function authorization({ username, passwordStdin }: ApiOptions): Promise<string> {
  const password = passwordStdin ? await passwordFromStdin() : process.env.TOWPATH_PASSWORD
  if (!password) throw PasswordMissing()
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`
}

let read: Promise<string> | undefined

/** Once, for commands that call twice. */
function passwordFromStdin(): Promise<string> {
  read ??= text(process.stdin).then(all => all.replace(/\r?\n$/, ''))
  return read
}

function send(server: string, authorization: string, call: Call<z.ZodType>, bounded = true): Promise<IncomingMessage> {
  const url = toUrl(server, call.path)
  const body = call.body === undefined ? undefined : JSON.stringify(call.body)
  const headers = {
    authorization,
    accept: 'application/json',
    ...(body === undefined ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }),
  }
  return new Promise((done, fail) => {
    const start = url.protocol === 'https:' ? secureRequest : plainRequest
    const signal = bounded ? { signal: AbortSignal.timeout(PATIENCE_MS) } : {}
    const outgoing = start(url, { method: call.method ?? 'GET', headers, ...signal }, done)
    outgoing.on('error', error => fail(Unreachable(server, 'code' in error ? String(error.code) : error.message)))
    outgoing.end(body)
  })
}

function toUrl(server: string, path: string): URL {
  try {
    const url = new URL(path, server)
    if (url.protocol === 'http:' || url.protocol === 'https:') return url
  } catch {
    // Said below.
  }
  throw Unreachable(server, 'not an http or https URL')
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    return undefined
  }
}
