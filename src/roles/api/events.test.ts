import assert from 'node:assert/strict'
import { once } from 'node:events'
import { test } from 'node:test'
import { openTenants } from '../../identity/tenants.fixture.ts'
import { rawClient, testServer } from '../../kernel/http/serve.fixture.ts'
import { silentLog } from '../../kernel/index.ts'
import { testEngines } from '../../kernel/store/engines.fixture.ts'
import { createApp } from './app.ts'
import { eventRoutes } from './events.ts'
import type { Guard } from './route.ts'
import { type Session, setSession } from './session.ts'

const ANN: Session = {
  principal: { tenantId: 'ten_default', id: 'prn_ann', kind: 'user' },
  ...{ proof: 'session:ses_1', cookie: undefined },
  may: async () => true,
  demand: async () => {},
  audit: tenantId => ({ tenantId, region: 'control', actor: ANN.principal, onBehalfOf: [] }),
}

test('who is gone before the stream begins holds no place among them', async t => {
  const [engine] = testEngines()
  assert.ok(engine)
  const { store, clock } = await openTenants(engine)
  const stopping = new AbortController()
  const decide = async () => ({ allowed: false, policies: [], reason: '' })
  const routes = eventRoutes({ store, clock, decide, processes: () => [], stopping: stopping.signal })
  let late = true
  const guard: Guard = {
    async enter(request, reply) {
      setSession(request, ANN)
      if (!late) return
      client.socket.destroy()
      await once(reply.raw, 'close')
    },
    decide: async () => {},
  }
  const app = await createApp({ version: '1', log: silentLog(), changed: () => {}, routes, guard })
  const server = await testServer((req, res) => app.routing(req, res))
  t.after(async () => {
    stopping.abort()
    await server.drain()
    await app.close()
    await store.close()
  })
  const ask = 'GET /api/v1/events?tenant=default HTTP/1.1\r\nhost: x\r\n\r\n'
  let client = rawClient(server.port, ask)
  for (let n = 1; n < 20; n++) {
    await client.ended
    client = rawClient(server.port, ask)
  }
  await client.ended
  late = false
  const answer = await fetch(`http://127.0.0.1:${server.port}/api/v1/events?tenant=default`)
  assert.equal(answer.status, 200)
  await answer.body?.cancel()
})
