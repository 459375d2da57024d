import { Failure, HostUnreachable, hideSecrets } from '../kernel/index.ts'
import type { Endpoint } from './endpoint.ts'
import { ModelAnswerBroken, ModelRefused, ModelUnreachable } from './failures.ts'

const SAID_MAX = 300

/**
 * Why there is no answer, as a failure of ours. The packages' own errors hold the whole question, so none is kept as a
 * cause: a log would print it.
 */
export function explain(error: unknown, endpoint: Endpoint): Failure {
  const own = failureIn(error)
  if (own?.is(HostUnreachable)) return ModelUnreachable(own.message, nextFor(own))
  return own ?? ModelAnswerBroken(endpoint.host, said(error, endpoint))
}

/** What the provider says in the middle of an answer. */
export function streamedError(error: unknown, endpoint: Endpoint): Failure {
  const refused = typeof error === 'object' && error !== null && !(error instanceof Error)
  if (!refused && typeof error !== 'string') return explain(error, endpoint)
  return ModelRefused(endpoint.host, 200, said(error, endpoint), 'Ask again')
}

/** The packages wrap what was thrown below them. */
function failureIn(error: unknown): Failure | undefined {
  for (let at = error, deep = 0; at instanceof Error && deep < 6; at = at.cause, deep++) {
    if (at instanceof Failure) return at
  }
  return undefined
}

function nextFor({ message, next }: Failure): string {
  const untrusted = /CERT|SELF_SIGNED|ISSUER|SIGNATURE/.test(message)
  if (untrusted) return 'Name the PEM file of the authority that signed its certificate as "ca" of the model'
  if (/proxy answered 407/.test(message)) return 'Check user and password of the proxy'
  if (/proxy/.test(message)) return 'Check what the proxy lets through, or except the host with NO_PROXY'
  return next
}

function said(error: unknown, { secrets }: Endpoint): string {
  // Their messages are the whole text that they could not read.
  if (error instanceof Error && /JSONParse|TypeValidation/.test(error.name))
    return 'an event in it is not what it should be'
  const message = typeof error === 'object' && error !== null && 'message' in error ? error.message : error
  const text = typeof message === 'string' ? message : 'it is not what was expected'
  return hideSecrets(text.split('\n', 1)[0] ?? '', secrets).slice(0, SAID_MAX)
}
