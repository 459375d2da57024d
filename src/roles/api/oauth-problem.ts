import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import type { Log } from '../../kernel/index.ts'
import { logDefect, toProblem } from './problem.ts'

/** RFC 6749 §5.2 and RFC 8628 §3.5: what a client of the token endpoint knows. */
const KNOWN: ReadonlySet<string> = new Set([
  ...['invalid_request', 'invalid_client', 'invalid_grant', 'unauthorized_client', 'unsupported_grant_type'],
  ...['authorization_pending', 'slow_down', 'access_denied', 'expired_token'],
])

/** What happened and what to do, in the form that clients of OAuth2 read. */
export function answerOAuthError(log: Log) {
  return (error: FastifyError, request: FastifyRequest, reply: FastifyReply) => {
    const problem = toProblem(error)
    logDefect(log, problem, error, request)
    const { code, status, title, detail, facts } = problem
    const name = nameOf(code.toLowerCase(), status)
    if (name === 'invalid_client') reply.header('www-authenticate', 'Basic realm="towpath", charset="UTF-8"')
    if (facts?.retryAfter !== undefined) reply.header('retry-after', String(facts.retryAfter))
    const body = { error: name, error_description: plain(`${title}. ${detail}`) }
    reply.code(status).type('application/json').serializer(JSON.stringify).send(body)
  }
}

function nameOf(code: string, status: number): string {
  if (KNOWN.has(code)) return code
  if (status === 401) return 'invalid_client'
  if (status === 429 || status === 503) return 'temporarily_unavailable'
  return status >= 500 ? 'server_error' : 'invalid_request'
}

/** The letters that §5.2 allows in a description. */
function plain(text: string): string {
  return text.replaceAll('"', "'").replace(/[^ !#-[\]-~]/g, '?')
}
