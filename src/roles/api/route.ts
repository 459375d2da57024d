import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { z } from 'zod'
import type { Action, Scope } from '../../identity/index.ts'
import type { Failure } from '../../kernel/index.ts'
import { type Session, sessionOf } from './session.ts'

/**
 * Who may call a route. `admin`: an administrator of the platform. `region`: a region of this platform, by its key.
 * `decided`: whom a policy allows the action on what `on` names. `signed-in`: any principal; what it sees is for the
 * handler to decide, thing by thing.
 */
export type Allow = 'anyone' | 'admin' | 'region' | 'decided' | 'signed-in'

/** The policy where no row allows it: everybody may see and end what he is signed in by. */
export const OWN_SESSION = 'own-session'

type Shape = z.ZodType | undefined
type Out<S extends Shape> = S extends z.ZodType ? z.output<S> : undefined

type Asked<P extends Shape, Q extends Shape, B extends Shape> = {
  readonly params: Out<P>
  readonly query: Out<Q>
  readonly body: Out<B>
  readonly raw: FastifyRequest
  /** Who asks. Routes for `anyone` and for regions have nobody: calling it there is a defect. */
  readonly session: () => Session
}

export type RouteRequest<P extends Shape, Q extends Shape, B extends Shape> = Asked<P, Q, B> & {
  readonly reply: FastifyReply
}

type RouteSpec<P extends Shape, Q extends Shape, B extends Shape> = {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  url: string
  summary: string
  params?: P
  query?: Q
  body?: B
  /** By status. A text body is declared as `z.string()`. */
  answers: Readonly<Record<number, z.ZodType>>
  /** Not in the OpenAPI document. */
  hidden?: true
  run(request: RouteRequest<P, Q, B>): Promise<unknown>
} & (
  | {
      allow: Exclude<Allow, 'decided'>
      /** What is done to what, for the audit: `status.read`. */
      action: string
    }
  | {
      allow: 'decided'
      action: Action
      /** On what it is decided, once the request was read; undefined where that is not there. */
      on(request: Asked<P, Q, B>): Promise<Scope | undefined> | Scope | undefined
      /** What is answered for what is not there, and for what the caller may not even see. */
      missing?(request: Asked<P, Q, B>): Failure
    }
)

/** A route whose handler is already joined with its types. */
export type Route = Pick<RouteSpec<Shape, Shape, Shape>, 'method' | 'url' | 'summary' | 'answers' | 'hidden'> & {
  readonly allow: Allow
  readonly action: string
  readonly params?: z.ZodType
  readonly query?: z.ZodType
  readonly body?: z.ZodType
  on?(request: Loose): Promise<Scope | undefined> | Scope | undefined
  missing?(request: Loose): Failure
  run(request: Loose & { reply: FastifyReply }): Promise<unknown>
}
type Loose = { params: unknown; query: unknown; body: unknown; raw: FastifyRequest; session: () => Session }

export function route<P extends Shape = undefined, Q extends Shape = undefined, B extends Shape = undefined>(
  spec: RouteSpec<P, Q, B>,
): Route {
  // The server parsed params, query and body by these very schemas before it calls.
  return { ...spec } as unknown as Route
}

declare module 'fastify' {
  interface FastifyContextConfig {
    action?: string
    allow?: Allow
  }
}

export type Guard = {
  /** Before the request is looked at: who is it? Decides too where that needs nothing of the request. */
  enter(request: FastifyRequest, reply: FastifyReply, allow: Allow): Promise<void>
  /** Once it was read. */
  decide(
    request: FastifyRequest,
    reply: FastifyReply,
    what: { action: Action; scope: Scope | undefined; missing: (() => Failure) | undefined },
  ): Promise<void>
}

/** The only way to a route: one that does not say who may call it is refused when the server starts. */
export function mountRoutes(app: FastifyInstance, routes: readonly Route[], guard: Guard): void {
  app.addHook('onRoute', ({ url, method, config }) => {
    if (config?.allow === undefined || config.action === undefined) {
      throw new Error(`Route ${method} ${url} does not say who may call it: declare it with route()`)
    }
  })
  app.addHook('onRequest', async (request, reply) => {
    const { allow, action } = request.routeOptions.config
    // No route: the 404 tells nobody anything.
    if (allow !== undefined && action !== undefined) await guard.enter(request, reply, allow)
  })
  for (const one of routes) mountRoute(app, one, guard)
}

function mountRoute(app: FastifyInstance, one: Route, guard: Guard): void {
  const { method, url, action, allow, summary, params, query, body, answers, hidden, on, missing, run } = one
  if (allow === 'decided' && on === undefined)
    throw new Error(`Route ${method} ${url} does not say on what it is decided`)
  const asked = (raw: FastifyRequest): Loose => {
    return { params: raw.params, query: raw.query, body: raw.body, raw, session: () => sessionOf(raw) }
  }
  app.route({
    method,
    url,
    config: { action, allow },
    schema: {
      summary,
      tags: [action.split(/[./]/)[0] ?? action],
      ...(hidden ? { hide: true } : {}),
      ...(allow === 'anyone' || allow === 'region'
        ? {}
        : { security: [{ basic: [] }, { bearer: [] }, { session: [] }] }),
      ...(params ? { params } : {}),
      ...(query ? { querystring: query } : {}),
      ...(body ? { body } : {}),
      response: answers,
    },
    ...(on === undefined
      ? {}
      : {
          preHandler: async (raw: FastifyRequest, reply: FastifyReply) => {
            const request = asked(raw)
            const what = { action: action as Action, scope: await on(request) }
            await guard.decide(raw, reply, { ...what, missing: missing && (() => missing(request)) })
          },
        }),
    handler: (raw, reply) => run({ ...asked(raw), reply }),
  })
}
