import swagger from '@fastify/swagger'
import fastify, { type FastifyInstance } from 'fastify'
import { jsonSchemaTransform, serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { failure, type Log, requestId } from '../../kernel/index.ts'
import { mountForms } from './forms.ts'
import { answerError } from './problem.ts'
import { mountRoutes, type Route, route } from './route.ts'

const RouteUnknown = failure('ROUTE_UNKNOWN', 404, (method: string, path: string) => ({
  says: `There is nothing at ${method} ${path}`,
  next: 'See /openapi.json for what there is',
}))

/** Small documents come in here, never content. */
const LARGEST_BODY = 1024 * 1024

type Parts = {
  version: string
  log: Log
  /** Called after each request that may have changed something: regions then hear of it at once. */
  changed: () => void
  routes: readonly Route[]
  /** Of OAuth2: they take forms, and answer errors in its way. */
  oauth?: readonly Route[]
  guard: Parameters<typeof mountRoutes>[2]
}

/** The API as one request handler (`app.routing`); the kernel's server listens. */
export async function createApp({ version, log, changed, routes, oauth = [], guard }: Parts): Promise<FastifyInstance> {
  const app = fastify({ bodyLimit: LARGEST_BODY, genReqId: requestId, routerOptions: { maxParamLength: 300 } })
  app.setValidatorCompiler(validatorCompiler)
  app.setSerializerCompiler(serializerCompiler)
  app.setErrorHandler(answerError(log))
  app.setNotFoundHandler(request => {
    throw RouteUnknown(request.method, request.url.split('?', 1)[0] ?? '')
  })
  // Scripts send `Content-Type: application/json` with nothing in it.
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, body, done) => {
    if (body === '') return done(null, undefined)
    app.getDefaultJsonParser('error', 'error')(_request, String(body), done)
  })
  app.addHook('onSend', async (_request, reply) => {
    reply.header('x-content-type-options', 'nosniff')
    if (!reply.hasHeader('cache-control')) reply.header('cache-control', 'no-store')
  })
  app.addHook('onResponse', async (request, reply) => {
    if (request.method !== 'GET' && request.method !== 'HEAD' && reply.statusCode < 400) changed()
  })
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'Towpath', version, description: 'The API of the control plane.' },
      components: {
        securitySchemes: {
          basic: { type: 'http', scheme: 'basic' },
          bearer: { type: 'http', scheme: 'bearer' },
          session: {
            ...{ type: 'apiKey', in: 'cookie', name: 'towpath' },
            description: 'Under TLS __Host-towpath. What changes something needs x-csrf-token too.',
          },
        },
      },
    },
    transform: jsonSchemaTransform,
  })
  await app.register(async scope => mountRoutes(scope, [...routes, openapiRoute(() => app.swagger())], guard))
  await app.register(async scope => mountForms(scope, oauth, { guard, log }))
  await app.ready()
  return app
}

function openapiRoute(read: () => unknown): Route {
  return route({
    method: 'GET',
    url: '/openapi.json',
    action: 'status.openapi',
    allow: 'anyone',
    summary: 'This description',
    answers: { 200: z.unknown() },
    hidden: true,
    run: async () => read(),
  })
}
