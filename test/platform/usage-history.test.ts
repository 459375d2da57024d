import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { UsageHistory } from '../../src/api/index.ts'
import { pusher } from '../support/content.ts'
import { type Platform, startPlatform } from '../support/platform.ts'

const AT = '/api/v1/registries/default/usage/history'
const HOUR = 3_600_000
const LAYER = 'x'.repeat(200_000)

let platform: Platform
const env = { TOWPATH_REGIONS_0_NODES: '2' }
before(async () => {
  platform = await startPlatform({ env })
})
after(() => platform.stop())

async function pull(path: string): Promise<void> {
  const headers = { authorization: `Basic ${btoa(`admin:${platform.adminPassword}`)}`, connection: 'close' }
  const answer = await fetch(`http://${platform.registry}/v2/team/app/${path}`, { headers })
  assert.equal(answer.status, 200)
  await answer.arrayBuffer()
}

async function history(query = ''): Promise<UsageHistory> {
  const answer = await platform.api(AT + query)
  assert.equal(answer.status, 200)
  return (await answer.json()) as UsageHistory
}

const sum = (of: UsageHistory, what: (point: UsageHistory['points'][number]) => number) =>
  of.points.reduce((total, point) => total + what(point), 0)

/** All of it, and again where it was. */
async function restart(): Promise<void> {
  const [control = 0, registry = 0] = [platform.control, platform.registry].map(at => Number(at.split(':').at(-1)))
  const { home } = platform
  assert.equal(await platform.stop({ keep: true }), 0)
  platform = await startPlatform({ env, home, ports: { control, registry } })
}

test('what was pulled and pushed is there after the processes ended, of all of them together', async () => {
  const from = Date.now()
  const { digest } = await pusher(platform).image('team/app', 'v1', { layers: [LAYER] })
  for (let i = 0; i < 6; i++) await pull('manifests/v1')
  await restart()
  const first = await history()
  assert.deepEqual([first.region, first.step, first.points.length], ['home', 300_000, 288])
  assert.deepEqual([sum(first, one => one.pulls), sum(first, one => one.pushes)], [6, 1])
  assert.equal(
    sum(first, one => one.requests.read.used),
    6,
  )
  assert.equal(
    sum(first, one => one.requests.write.used),
    3,
    'two blobs and the manifest',
  )
  assert.ok(sum(first, one => one.bytesIn) > LAYER.length)
  const busy = first.points.filter(one => one.pulls > 0).map(one => one.from)
  for (const at of busy) assert.ok(at > from - 300_000 && at <= Date.now())

  for (let i = 0; i < 4; i++) await pull(`manifests/${digest}`)
  await restart()
  const week = await history('?hours=168&region=home')
  assert.deepEqual([week.step, week.points.length], [HOUR, 168])
  assert.equal(
    sum(week, one => one.pulls),
    10,
    'processes that began in the same interval add to it',
  )
  assert.ok(sum(week, one => one.bytesOut) > sum(first, one => one.bytesOut))
})

test('a week at most, and only of regions that there are', async () => {
  for (const query of ['?hours=0', '?hours=169', '?hours=x', '?hours=1.5']) {
    assert.equal((await platform.api(AT + query)).status, 400, query)
  }
  const away = await platform.api(`${AT}?region=nowhere`)
  assert.equal(away.status, (await platform.api('/api/v1/registries/default/usage?region=nowhere')).status)
  assert.ok(away.status >= 400 && away.status < 500)
})
