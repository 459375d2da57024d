import { readProblem, unreachable } from './problem.ts'

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

/** Longer than any answer of control; a page must not wait for ever. */
const LONGEST_MS = 30_000

let csrfToken = ''

/** The session's own; it goes with every request that changes something. */
export function setCsrfToken(token: string): void {
  csrfToken = token
}

type Options = { body?: unknown; signal?: AbortSignal | undefined }

/** Asks control. Throws a Problem where the answer is none of 2xx, or there is no answer. */
export async function call<T>(method: Method, path: string, { body, signal }: Options = {}): Promise<T> {
  const late = AbortSignal.timeout(LONGEST_MS)
  const request: RequestInit = {
    method,
    headers: {
      accept: 'application/json',
      ...(method === 'GET' ? {} : { 'x-csrf-token': csrfToken }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    credentials: 'same-origin',
    signal: signal ? AbortSignal.any([signal, late]) : late,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  }
  const answer = await fetch(path, request).catch(error => {
    if (signal?.aborted) throw error
    throw unreachable()
  })
  if (!answer.ok) throw await readProblem(answer)
  return (answer.status === 204 ? undefined : await answer.json()) as T
}

/** Builds a path; what is put in can't leave its place: path`/api/v1/tenants/${id}/groups`. */
export function path(parts: TemplateStringsArray, ...values: readonly string[]): string {
  return String.raw({ raw: parts }, ...values.map(value => encodeURIComponent(value)))
}

/** What follows a path, with its `?`. What is not said is left out, and so is a text of no letters. */
export function query(said: Readonly<Record<string, string | number | undefined>>): string {
  const texts = Object.entries(said).flatMap(([name, value]) =>
    value === undefined || value === '' ? [] : [[name, String(value)]],
  )
  return texts.length === 0 ? '' : `?${new URLSearchParams(texts)}`
}
