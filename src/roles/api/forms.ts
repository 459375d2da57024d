import type { FastifyInstance, FastifyRequest } from 'fastify'
import { InvalidRequest } from '../../identity/index.ts'
import type { Log } from '../../kernel/index.ts'
import { answerOAuthError } from './oauth-problem.ts'
import { type Guard, mountRoutes, type Route } from './route.ts'

const FORM_TYPE = 'application/x-www-form-urlencoded'
const LARGEST_FORM = 64 * 1024

/** Routes that take forms and nothing else: no other route takes what a page elsewhere could post without asking. */
export function mountForms(app: FastifyInstance, routes: readonly Route[], parts: { guard: Guard; log: Log }): void {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser(
    FORM_TYPE,
    { parseAs: 'string', bodyLimit: LARGEST_FORM },
    async (_request: FastifyRequest, body: string) => readForm(body),
  )
  app.setErrorHandler(answerOAuthError(parts.log))
  app.addHook('onRoute', one => {
    one.schema = { ...one.schema, consumes: [FORM_TYPE] }
  })
  mountRoutes(app, routes, parts.guard)
}

/** A field that stands there twice may mean one thing to a proxy and another here: refused (RFC 6749 §3.2). */
function readForm(text: string): Record<string, string> {
  const fields = [...new URLSearchParams(text)]
  const names = new Set(fields.map(([name]) => name))
  if (names.size < fields.length) throw InvalidRequest('a field stands in the form twice')
  // An empty one is as if it were left out (§3.2).
  return Object.fromEntries(fields.filter(([, value]) => value !== ''))
}
