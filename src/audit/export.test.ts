import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { describe, test } from 'node:test'
import { type TestEngine, testEngines } from '../kernel/store/engines.fixture.ts'
import { change, entry, openAudit, seal, testKeys } from './audit.fixture.ts'
import { canonical } from './canonical.ts'
import { exportAudit } from './export.ts'
import { type AuditHead, headText } from './head.ts'
import type { AuditRecord } from './row.ts'
import { verifyAudit } from './verify.ts'

for (const engine of testEngines()) describe(`exporting: ${engine.name}`, () => suite(engine))

async function gather(chunks: AsyncIterable<string>): Promise<{ lines: unknown[]; longest: number }> {
  let [text, longest] = ['', 0]
  for await (const chunk of chunks) {
    text += chunk
    longest = Math.max(longest, chunk.length)
  }
  return {
    lines: text
      .split('\n')
      .slice(0, -1)
      .map(line => JSON.parse(line) as unknown),
    longest,
  }
}

function suite(engine: TestEngine): void {
  test('JSON lines: whoever has the file recomputes the chain, and its head is an anchor', async () => {
    const { store, clock } = await openAudit(engine)
    for (let i = 0; i < 6; i++) {
      const entries = Array.from({ length: 100 }, (_, n) =>
        entry({ resource: `thing_${n % 7}`, detail: { n, ä: '€'.length } }),
      )
      await store.write(change, {
        entries: entries.map(({ detail, ...rest }, n) => (n % 2 ? rest : { ...rest, detail: { n } })),
      })
      await seal({ store, clock })
    }
    await store.write(change, { entries: [entry({ resource: 'unsealed' })] })
    const asked = { filter: { tenantId: 'ten_a' }, format: 'jsonl', version: '1' } as const
    const { lines, longest } = await gather(exportAudit(store.read, asked))
    const records = lines.slice(0, -1) as AuditRecord[]
    const { head, publicKey } = lines.at(-1) as { head: AuditHead; publicKey: string }
    assert.equal(records.length, 600)
    assert.ok(longest < 200 * 600, 'a page at a time')
    let previous = ''
    for (const record of records.toSorted((a, b) => a.sequence - b.sequence)) {
      const { hash, ...rest } = record
      previous = createHash('sha256')
        .update(`${previous}\n${canonical(rest)}`)
        .digest('base64url')
      assert.equal(hash, previous)
    }
    assert.deepEqual([head.sequence, head.hash], [600, previous])
    assert.equal(publicKey, testKeys.current.publicKey)
    assert.equal(testKeys.verify(head.keyId, headText(head), head.signature), true)
    await seal({ store, clock })
    const check = await verifyAudit({
      store,
      clock,
      keys: testKeys,
      tenantId: 'ten_a',
      region: 'home',
      anchors: [head],
    })
    assert.deepEqual(check.problems, [])
    const some = await gather(exportAudit(store.read, { ...asked, filter: { tenantId: 'ten_a', resource: 'thing_3' } }))
    assert.deepEqual(new Set((some.lines.slice(0, -1) as AuditRecord[]).map(one => one.resource)), new Set(['thing_3']))
    await store.close()
  })

  test('OCSF: every event has what its class requires, and nothing of the record is lost', async () => {
    const { store, clock } = await openAudit(engine)
    const behalf = { id: 'user:bo', kind: 'user', tenantId: 'ten_b' }
    const origin = { onBehalfOf: [behalf], managingTenantId: 'ten_b', policyId: 'policy0', requestId: 'req-1' }
    const entries = [
      entry({ ...origin, action: 'thing.delete', result: 'denied', detail: { address: '192.0.2.1', tries: 3 } }),
      entry({ action: 'thing/rotate', actor: { id: 'svc', kind: 'service', tenantId: 'ten_a' } }),
      entry({ action: 'thing.mirror', result: 'failed', actor: { id: 'agent:1', kind: 'agent', tenantId: 'ten_a' } }),
    ]
    await store.write(change, { entries })
    await seal({ store, clock })
    const asked = { filter: { tenantId: 'ten_a' }, format: 'ocsf', version: '1.2.3' } as const
    const { lines } = await gather(exportAudit(store.read, asked))
    assert.equal(lines.length, 3)
    for (const line of lines) assert.deepEqual(breaches(line as Event), [])
    const [first, second, third] = lines as Event[]
    assert.deepEqual(
      [first, second, third].map(one => [one?.activity_id, one?.type_uid, one?.status_id, one?.severity_id]),
      [
        [4, 600304, 2, 2],
        [3, 600303, 1, 1],
        [99, 600399, 2, 2],
      ],
    )
    const text = JSON.stringify(first)
    for (const part of ['user:ann', 'user:bo', 'ten_b', 'policy0', 'req-1', '192.0.2.1', 'thing_1', '"tries":3']) {
      assert.ok(text.includes(part), part)
    }
    await store.close()
  })
}

type Event = Record<string, unknown>

/** From ocsf-schema 1.6.0: events/base_event.json, events/application/api_activity.json, and the objects they use. */
const REQUIRED: Readonly<Record<string, readonly string[]>> = {
  '': [
    'activity_id',
    'actor',
    'api',
    'category_uid',
    'class_uid',
    'metadata',
    'severity_id',
    'src_endpoint',
    'time',
    'type_uid',
  ],
  metadata: ['product', 'version'],
  api: ['operation'],
  'api.request': ['uid'],
}
const AT_LEAST_ONE: Readonly<Record<string, readonly string[]>> = {
  actor: ['process', 'user', 'invoked_by', 'session', 'app_name', 'app_uid'],
  'actor.user': ['account', 'name', 'uid'],
  'metadata.product': ['name', 'uid'],
  'api.service': ['name', 'uid'],
  src_endpoint: [
    'ip',
    'uid',
    'name',
    'hostname',
    'svc_name',
    'instance_uid',
    'interface_uid',
    'interface_name',
    'domain',
  ],
}
const VALUES: Readonly<Record<string, readonly unknown[]>> = {
  activity_id: [0, 1, 2, 3, 4, 99],
  category_uid: [6],
  class_uid: [6003],
  severity_id: [0, 1, 2, 3, 4, 5, 6, 99],
  status_id: [0, 1, 2, 99],
  'metadata.version': ['1.6.0'],
}

function breaches(event: Event): string[] {
  const found: string[] = []
  const at = (path: string) =>
    path.split('.').reduce<unknown>((value, key) => (key === '' ? value : (value as Event | undefined)?.[key]), event)
  for (const [path, keys] of Object.entries(REQUIRED)) {
    const value = at(path) as Event | undefined
    if (value) for (const key of keys) if (value[key] === undefined) found.push(`${path}.${key} is missing`)
  }
  for (const [path, keys] of Object.entries(AT_LEAST_ONE)) {
    const value = at(path) as Event | undefined
    if (value && !keys.some(key => value[key] !== undefined)) found.push(`${path} says nothing`)
  }
  for (const [path, values] of Object.entries(VALUES))
    if (!values.includes(at(path))) found.push(`${path} is ${at(path)}`)
  if (event.type_uid !== Number(event.class_uid) * 100 + Number(event.activity_id)) found.push('type_uid is wrong')
  if (event.activity_id === 99 && !event.activity_name) found.push('an activity of another kind has no name')
  if (!Number.isSafeInteger(event.time)) found.push('time is no number')
  return found
}

test('the check of OCSF events can fail', () => {
  assert.ok(breaches({}).length > 10)
  assert.ok(breaches({ src_endpoint: {}, actor: { user: {} } }).includes('actor.user says nothing'))
})
