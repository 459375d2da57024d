import assert from 'node:assert/strict'
import { test } from 'node:test'
import fastify from 'fastify'
import { z } from 'zod'
import { silentLog } from '../../kernel/index.ts'
import { createApp } from './app.ts'
import { type Guard, mountRoutes, route } from './route.ts'

const hello = route({
  method: 'POST',
  url: '/hello/:name',
  action: 'hello.say',
  allow: 'admin',
  summary: 'Say hello',
  params: z.object({ name: z.string().max(5) }),
  body: z.strictObject({ times: z.int() }),
  answers: { 200: z.object({ says: z.string() }) },
  run: async ({ params, body }) => ({ says: `${params.name} ${body.times}`, secret: 'not in the schema' }),
})

const open: Guard = { enter: async () => {}, decide: async () => {} }

test('a route that does not say who may call it can not exist', () => {
  const app = fastify()
  mountRoutes(app, [], open)
  assert.throws(() => app.get('/open', async () => 'anybody'), /does not say who may call it/)
})

test('the guard is asked before the request is looked at, and its refusal is the answer', async () => {
  const asked: string[] = []
  const guard: Guard = {
    ...open,
    enter: async (request, _reply, allow) => {
      asked.push(`${allow} ${request.routeOptions.config.action}`)
      throw new Error('no')
    },
  }
  const app = await createApp({ version: '1', log: silentLog(), changed: () => {}, routes: [hello], guard })
  const answer = await app.inject({ method: 'POST', url: '/hello/x', payload: 'no json at all' })
  assert.equal(answer.statusCode, 500)
  assert.deepEqual(asked, ['admin hello.say'])
  assert.ok(!answer.body.includes('"no"'), 'what a defect says stays inside')
})

test('what comes in is checked, what goes out is only what was declared', async () => {
  const app = await createApp({ version: '1', log: silentLog(), changed: () => {}, routes: [hello], guard: open })
  const post = (url: string, payload: object) => app.inject({ method: 'POST', url, payload })
  assert.deepEqual((await post('/hello/you', { times: 2 })).json(), { says: 'you 2' })
  const wrong = await post('/hello/you', { times: 'two' })
  assert.equal(wrong.statusCode, 400)
  assert.equal(wrong.json().code, 'REQUEST_INVALID')
  assert.match(wrong.json().title, /times/)
  assert.equal((await post('/hello/far-too-long', { times: 2 })).statusCode, 400)
  assert.equal((await post('/hello/you', { times: 2, more: 1 })).statusCode, 400)
})

test('regions are told after what may have changed something, and only then', async () => {
  let told = 0
  const changed = () => {
    told += 1
  }
  const app = await createApp({ version: '1', log: silentLog(), changed, routes: [hello], guard: open })
  await app.inject({ method: 'POST', url: '/hello/you', payload: { times: 'two' } })
  await app.inject({ method: 'GET', url: '/openapi.json' })
  assert.equal(told, 0)
  await app.inject({ method: 'POST', url: '/hello/you', payload: { times: 2 } })
  assert.equal(told, 1)
})
