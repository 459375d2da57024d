import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import { hasZodFastifySchemaValidationErrors, isResponseSerializationError } from 'fastify-type-provider-zod'
import type { Problem } from '../../api/index.ts'
import { Failure, type Log } from '../../kernel/index.ts'

export const PROBLEM_TYPE = 'application/problem+json'

export function toProblem(error: unknown): Problem {
  if (error instanceof Failure) {
    const { code, status, message: title, next: detail, detail: facts } = error
    return make({ code, status, title, detail, ...(Object.keys(facts).length > 0 ? { facts: { ...facts } } : {}) })
  }
  if (hasZodFastifySchemaValidationErrors(error)) {
    const wrong = error.validation.map(
      ({ instancePath, message }) => `${instancePath.slice(1) || 'all of it'}: ${message}`,
    )
    const title = `Not as it should be in ${error.validationContext ?? 'the request'}: ${wrong.join('; ')}`
    return make({ code: 'REQUEST_INVALID', status: 400, title, detail: 'See /openapi.json for what this route takes' })
  }
  const status = clientStatus(error)
  if (status !== undefined) {
    const title = error instanceof Error ? error.message : 'The request can not be read'
    return make({ code: 'REQUEST_INVALID', status, title, detail: 'See /openapi.json for what this route takes' })
  }
  const title = 'Something went wrong here that should not'
  return make({ code: 'INTERNAL', status: 500, title, detail: 'Look for this request id in the log of control' })
}

export function answerError(log: Log) {
  return (error: FastifyError, request: FastifyRequest, reply: FastifyReply) => {
    const made = { ...toProblem(error), requestId: request.id }
    logDefect(log, made, error, request)
    if (made.status === 401) reply.header('www-authenticate', challengeFor(request))
    // Serialized here: the route's own schemas do not know problems.
    reply.code(made.status).type(PROBLEM_TYPE).serializer(JSON.stringify).send(made)
  }
}

/** One line where it is our fault. */
export function logDefect(log: Log, made: Problem, error: FastifyError, request: FastifyRequest): void {
  if (made.status < 500) return
  const err = isResponseSerializationError(error) ? error.cause : error
  log.error({ err, requestId: request.id, url: request.url.split('?')[0] }, made.title)
}

/** A browser that is told of Basic asks by a window of its own, over the page that signs people in. */
function challengeFor({ headers }: FastifyRequest): string {
  const scheme = headers['user-agent']?.startsWith('Mozilla/') ? 'Session' : 'Basic'
  return `${scheme} realm="towpath", charset="UTF-8"`
}

function make(one: Omit<Problem, 'type'>): Problem {
  return { type: `urn:towpath:${one.code}`, ...one }
}

/** Fastify's own refusals: a body that is too large, no JSON, a media type that nobody reads. */
function clientStatus(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('statusCode' in error)) return undefined
  const status = error.statusCode
  return typeof status === 'number' && status >= 400 && status < 500 ? status : undefined
}
