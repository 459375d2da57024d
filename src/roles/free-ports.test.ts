import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { test } from 'node:test'
import { Failure } from '../kernel/index.ts'
import { ensurePortsFree } from './free-ports.ts'

test('a port that another listener shares by reusePort counts as taken', async t => {
  const other = createServer().listen({ host: '127.0.0.1', port: 0, reusePort: process.platform === 'linux' })
  t.after(() => other.close())
  await once(other, 'listening')
  const address = other.address()
  assert.ok(address && typeof address === 'object')
  const config = { listen: { address: '127.0.0.1', control: address.port, registry: 1 }, regions: [] }
  await assert.rejects(
    ensurePortsFree(config),
    (error: unknown) =>
      error instanceof Failure &&
      error.code === 'PORT_TAKEN' &&
      error.message.includes(String(address.port)) &&
      error.next.includes('TOWPATH_LISTEN_CONTROL'),
  )
})
