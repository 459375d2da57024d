import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { FeedEntry } from '../../kernel/index.ts'
import { deliveriesOf } from './collect.ts'
import { eventsOf } from './event.ts'
import { isInScope, parseScope } from './settings.ts'
import { hookNamed, REGION } from './webhooks.fixture.ts'

const entry = (kind: string, body: object, id = 'entry1'): FeedEntry => ({
  ...{ sequence: 1, id, kind, registryId: 'reg_1', createdAt: Date.UTC(2026, 10, 25, 12, 0, 0, 7) },
  body: { repository: 'team/app', digest: 'sha256:d', mediaType: 'type', size: 9, ...body },
})

test('what is an event: one for each tag, or for the manifest without one; no tag’s deletion, no blob', () => {
  const actions = (kind: string, body: object) => eventsOf(REGION, entry(kind, body)).map(one => [one.action, one.tag])
  assert.deepEqual(actions('tag.put', { tag: 'v1' }), [
    ['push', 'v1'],
    ['quarantine', 'v1'],
  ])
  assert.deepEqual(actions('manifest.put', { tagged: true }), [])
  assert.deepEqual(actions('manifest.put', {}), [
    ['push', undefined],
    ['quarantine', undefined],
  ])
  assert.deepEqual(actions('manifest.deleted', {}), [['delete', undefined]])
  const configMediaType = 'application/vnd.cncf.helm.config.v1+json'
  const gone = [
    ['delete', undefined],
    ['chart_delete', undefined],
  ]
  assert.deepEqual(actions('manifest.deleted', { configMediaType }), gone, 'with its repository, its tags before it')
  for (const kind of ['tag.deleted', 'blob.put', 'blob.deleted']) assert.deepEqual(actions(kind, {}), [])
})

test('an event’s id is the same at each reading, and no other event’s', () => {
  const chart = { tag: '1', configMediaType: 'application/vnd.cncf.helm.config.v1+json' }
  const ids = (region: string, id: string) => eventsOf(region, entry('tag.put', chart, id)).map(one => one.id)
  assert.deepEqual(ids('home', 'a'), ids('home', 'a'))
  assert.equal(new Set([...ids('home', 'a'), ...ids('home', 'b'), ...ids('west', 'a')]).size, 9)
})

test('an entry of an earlier version is an event without its request', () => {
  const [row] = deliveriesOf(REGION, entry('tag.put', { tag: 'v1', request: undefined }), [hookNamed('whk_a')])
  const { id: _, ...content } = JSON.parse(row?.body ?? '')
  assert.deepEqual(content, {
    ...{ timestamp: '2026-11-25T12:00:00.007000000Z', action: 'push' },
    target: { mediaType: 'type', size: 9, digest: 'sha256:d', length: 9, repository: 'team/app', tag: 'v1' },
  })
})

test('quarantine tells of a push in ACR’s words: no media type, and no user agent', () => {
  const request = { id: 'req_1', host: 'r.example', userAgent: 'docker/29' }
  const hooks = [hookNamed('whk_a', { actions: ['quarantine'] })]
  const [row, more] = deliveriesOf(REGION, entry('tag.put', { tag: 'v1', request }), hooks)
  const { id: _, timestamp: _at, ...content } = JSON.parse(row?.body ?? '')
  assert.deepEqual(content, {
    action: 'quarantine',
    target: { size: 9, digest: 'sha256:d', length: 9, repository: 'team/app', tag: 'v1' },
    request: { id: 'req_1', host: 'r.example', method: 'PUT' },
  })
  assert.equal(more, undefined)
})

test('who hears of it: hooks of the registry that are enabled, ask for the action, and have it in scope', () => {
  const heard = (more: Parameters<typeof hookNamed>[1]) =>
    deliveriesOf(REGION, entry('tag.put', { tag: 'v1' }), [hookNamed('whk_a', more)]).length
  assert.equal(heard({}), 1)
  for (const scope of ['team/app:*', 'team/app:v1']) assert.equal(heard({ scope }), 1, scope)
  for (const scope of ['team/app:v2', 'team:*', 'team/app2:*']) assert.equal(heard({ scope }), 0, scope)
  assert.equal(heard({ enabled: false }), 0)
  assert.equal(heard({ actions: ['delete', 'chart_push'] }), 0)
  assert.equal(heard({ registryId: 'reg_2' }), 0)
})

test('a deletion is of the whole repository; a repository alone means its tag latest', () => {
  assert.ok(isInScope('a:*', 'a', undefined))
  assert.ok(!isInScope('a:v1', 'a', undefined))
  assert.deepEqual([parseScope(''), parseScope('a/b'), parseScope('a:*')], ['', 'a/b:latest', 'a:*'])
  for (const text of ['a:b:c', 'A:*', 'a:', ':v1', '*']) assert.throws(() => parseScope(text), { status: 400 }, text)
})
