import type { IncomingMessage } from 'node:http'
import { text } from 'node:stream/consumers'
import { type Command, Option } from 'commander'
import { z } from 'zod'
import { problemShape } from '../api/index.ts'
import { AnswerUnknown, answered, LoginExpired, NotTowpath, PasswordMissing } from './failures.ts'
import { loginToken } from './oauth.ts'
import { type Output, outputOptions } from './output-options.ts'
import { parseJson, send } from './send.ts'

export type SignInOptions = { server: string; username: string; passwordStdin?: boolean }
export type ApiOptions = SignInOptions & Output
/** Commands about the login itself ask as it, whatever password there is. */
type Caller = SignInOptions | { server: string; byLogin: true }

export function serverOption(command: Command): Command {
  return command.addOption(
    new Option('--server <url>', 'the API').env('TOWPATH_SERVER').default('http://127.0.0.1:7070'),
  )
}

export function signInOptions(command: Command): Command {
  return serverOption(command)
    .addOption(
      new Option('--username <name>', 'whose password is given, or a client id')
        .env('TOWPATH_USERNAME')
        .default('admin'),
    )
    .option('--password-stdin', 'read the password from standard input (else TOWPATH_PASSWORD)')
}

/** The options of every command that asks a server for data. */
export function apiOptions(command: Command): Command {
  return outputOptions(signInOptions(command))
}

type Call<S extends z.ZodType> = {
  method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  path: string
  body?: unknown
  answer: S
}

/** One request as who signs in; what is not a success is thrown as the failure that the server named. */
export async function callApi<S extends z.ZodType>(options: Caller, call: Call<S>): Promise<z.output<S>> {
  const response = await ask(options, call)
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
export async function streamApi(options: Caller, path: string): Promise<IncomingMessage> {
  const response = await ask(options, { path, answer: z.unknown() }, { patienceMs: Number.POSITIVE_INFINITY })
  if (response.statusCode === 200) return response
  throw failed(options.server, response.statusCode ?? 0, parseJson(await text(response)))
}

/** By the password where one is given, else by `towpath login`; its token is renewed where the server takes it no more. */
async function ask(
  options: Caller,
  call: Call<z.ZodType>,
  patience: { patienceMs?: number } = {},
): Promise<IncomingMessage> {
  const { server } = options
  const body = call.body === undefined ? undefined : JSON.stringify(call.body)
  const type = body === undefined ? {} : { 'content-type': 'application/json' }
  const sent = (authorization: string) =>
    send(server, { ...call, body, headers: { authorization, ...type }, ...patience })
  const basic = 'byLogin' in options ? undefined : await basicOf(options)
  if (basic !== undefined) return sent(basic)
  const token = await loginToken(server)
  if (token === undefined) throw PasswordMissing()
  const response = await sent(`Bearer ${token}`)
  if (response.statusCode !== 401) return response
  response.resume()
  const next = await loginToken(server, token)
  if (next === undefined) throw LoginExpired(server)
  return sent(`Bearer ${next}`)
}

function failed(server: string, status: number, parsed: unknown): Error {
  const told = problemShape.safeParse(parsed)
  return told.success ? answered(told.data) : NotTowpath(server, status)
}

/** Given by hand or by the environment; undefined where `towpath login` has to do. */
export async function passwordOf({ passwordStdin }: SignInOptions): Promise<string | undefined> {
  return passwordStdin ? passwordFromStdin() : process.env.TOWPATH_PASSWORD || undefined
}

async function basicOf(options: SignInOptions): Promise<string | undefined> {
  const password = await passwordOf(options)
  return password && `Basic ${Buffer.from(`${options.username}:${password}`).toString('base64')}`
}

let read: Promise<string> | undefined

/** Once, for commands that call twice. */
function passwordFromStdin(): Promise<string> {
  read ??= text(process.stdin).then(all => all.replace(/\r?\n$/, ''))
  return read
}
