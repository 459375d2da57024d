import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { type ConsoleFile, createConsole } from '../../console/index.ts'
import { type Route, route } from './route.ts'

/** Addresses of pages. What lies below `/t/` the console knows. */
const PAGES = ['/sign-in', '/device', '/t/*']
const FILES = ['/assets/*', '/theme.js', '/icon.svg']

const NOT_BUILT = `Towpath is running, but its console was not built here.

To build it: run npm start in the clone, or node bin/from-clone.mjs bin/console.mjs, and start Towpath again.
Until then the towpath command and the API (/openapi.json) do everything.
`

type Parts = { version: string; files: ReadonlyMap<string, ConsoleFile> | undefined }

/** The pages in `web/`, and at `/` what this is, for programs. */
export function consoleRoutes({ version, files }: Parts): Route[] {
  const console = files && createConsole(files)

  function serve(raw: FastifyRequest, reply: FastifyReply, what: 'file' | 'page'): unknown {
    if (!console) {
      reply.code(503).type('text/plain; charset=utf-8').serializer(String)
      return NOT_BUILT
    }
    const answer = console[what]({
      path: pathOf(raw),
      acceptEncoding: raw.headers['accept-encoding'],
      ifNoneMatch: raw.headers['if-none-match'],
    })
    if (!answer) return reply.callNotFound()
    reply.code(answer.status).headers(answer.headers)
    return Buffer.from(answer.body.buffer, answer.body.byteOffset, answer.body.byteLength)
  }

  const served = (url: string, what: 'file' | 'page') =>
    route({
      method: 'GET',
      url,
      action: `console.${what}`,
      allow: 'anyone',
      summary: 'The console',
      answers: { 200: z.unknown() },
      hidden: true,
      run: async ({ raw, reply }) => serve(raw, reply, what),
    })

  return [
    route({
      method: 'GET',
      url: '/',
      action: 'console.page',
      allow: 'anyone',
      summary: 'The console; what this is, as JSON, where that is preferred',
      answers: { 200: z.unknown() },
      hidden: true,
      run: async ({ raw, reply }) => {
        if (prefersHtml(raw.headers.accept)) return serve(raw, reply, 'page')
        reply.header('vary', 'accept')
        return { name: 'towpath', version, api: '/openapi.json', status: '/api/v1/status', metrics: '/metrics' }
      },
    }),
    ...PAGES.map(url => served(url, 'page')),
    ...FILES.map(url => served(url, 'file')),
  ]
}

function pathOf({ url }: FastifyRequest): string {
  return url.split('?', 1)[0] ?? ''
}

function prefersHtml(accept: string | undefined): boolean {
  const html = accept?.indexOf('text/html') ?? -1
  const json = accept?.indexOf('application/json') ?? -1
  return html >= 0 && (json < 0 || html < json)
}
