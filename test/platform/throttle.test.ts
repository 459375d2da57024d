import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { Agent, request } from 'node:http'
import { after, before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { towpathDone } from '../support/command.ts'
import { type Platform, startPlatform } from '../support/platform.ts'

const PER_MINUTE = 120
let platform: Platform
before(async () => {
  platform = await startPlatform({ env: { TOWPATH_REGIONS_0_NODES: '2' } })
})
after(() => platform.stop())

/** On a connection of its own or on one that `agent` keeps; resolves with status and Retry-After. */
function pull(agent: Agent): Promise<{ status: number; retryAfter: number }> {
  const [host, port] = platform.registry.split(':')
  const headers = { authorization: `Basic ${btoa(`admin:${platform.adminPassword}`)}` }
  return new Promise((done, fail) => {
    const outgoing = request({ host, port, path: '/v2/team/app/tags/list', headers, agent }, response => {
      response
        .resume()
        .on('end', () =>
          done({ status: response.statusCode ?? 0, retryAfter: Number(response.headers['retry-after'] ?? 0) }),
        )
    })
    outgoing.on('error', fail).end()
  })
}

async function limited(rate: string): Promise<void> {
  await towpathDone(platform, ['registry', 'update', 'default', '--throttle', `read=${rate}`])
  const agent = new Agent()
  // Both nodes have heard it once many connections in a row meet it.
  for (let inRow = 0, tries = 0; inRow < 12; tries++) {
    assert.ok(tries < 3000, 'the limit reaches the nodes')
    const { status } = await pull(agent)
    inRow = status === 429 ? inRow + 1 : 0
  }
}

test('two processes let through together what one limit says, however the connections fall, and not less', async () => {
  await limited(`${PER_MINUTE}/0`)
  const agents = Array.from({ length: 6 }, () => new Agent({ keepAlive: true, maxSockets: 1 }))
  const from = performance.now()
  let admitted = 0
  let longest = 0
  while (performance.now() - from < 20_000) {
    for (const { status, retryAfter } of await Promise.all(agents.map(pull))) {
      assert.ok(status === 404 || status === 429, `${status}`)
      if (status === 404) admitted++
      longest = Math.max(longest, retryAfter)
    }
    await sleep(20)
  }
  const seconds = (performance.now() - from) / 1000
  for (const agent of agents) agent.destroy()
  const most = (PER_MINUTE / 60) * seconds + 2
  // What was left when it was met: less than a request a node, and what one lacked the other had given up to half a part.
  assert.ok(admitted <= most + 2, `${admitted} where ${most} are allowed`)
  assert.ok(admitted >= 0.9 * (most - 2), `${admitted} of ${most}`)
  const usage = JSON.parse(await towpathDone(platform, ['registry', 'show-usage', '-o', 'json']))
  const { used, refused, limit } = usage.requests.read
  assert.deepEqual(limit, { registry: PER_MINUTE, identity: 0 })
  assert.deepEqual(usage.nodes, { all: 2, answered: 2 }, 'of both processes')
  assert.ok(used >= admitted && refused > 0, `${used} and ${refused}, of which ${admitted} were seen here`)
  assert.deepEqual([usage.identities[0].identity, usage.identities[0].read.used], ['user:admin', used])
  assert.ok(longest >= 1 && longest <= 2, `Retry-After ${longest}`)
})

test('show-usage tells what is held and how near its quota it is, in the columns of az', async () => {
  await towpathDone(platform, ['registry', 'update', 'default', '--throttle', 'all=none'])
  const bytes = 'x'.repeat(900)
  const digest = `sha256:${createHash('sha256').update(bytes).digest('hex')}`
  const headers = { authorization: `Basic ${btoa(`admin:${platform.adminPassword}`)}` }
  const push = () => {
    const url = `http://${platform.registry}/v2/team/app/blobs/uploads/?digest=${digest}`
    return fetch(url, { method: 'POST', body: bytes, headers }).then(answer => answer.status)
  }
  assert.equal(await push(), 201)
  await towpathDone(platform, ['policy', 'create', 'room', '--kind', 'quota', '--bytes', '1000'])
  const table = await towpathDone(platform, ['registry', 'show-usage'])
  assert.match(table, /^NAME +LIMIT +CURRENT VALUE +UNIT +REFUSED$/m)
  assert.match(table, /^Size +1000 B +900 B +Bytes *$/m)
  assert.match(table, /^Repositories +none +1 +Count *$/m)
  const { quotas } = JSON.parse(await towpathDone(platform, ['registry', 'show-usage', '-o', 'json']))
  assert.deepEqual(quotas, [{ policy: 'room', repositories: '*', limit: 1000, state: 'near' }])
})
