import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { type Clock, type Sql, type Store, sql } from '../kernel/index.ts'
import { type TestEngine, testEngines } from '../kernel/store/engines.fixture.ts'
import { change, entry, openAudit, seal, tamper, testKeys } from './audit.fixture.ts'
import { newAuditKeys, parseAuditKeys } from './keys.ts'
import { type AuditRow, sealedText } from './row.ts'
import { chainHash } from './seal.ts'
import { verifyAudit } from './verify.ts'

const chain = { tenantId: 'ten_a', region: 'home', keys: testKeys }
type Open = { store: Store; clock: Clock }

/** Two tenants of some records, sealed in some batches, and two that are not. */
async function filled({ store, clock }: Open, batches: readonly number[]): Promise<void> {
  let number = 0
  for (const size of batches) {
    const entries = Array.from({ length: size }, () => entry({ resource: `thing_${++number}`, detail: { number } }))
    await store.write(change, { entries: [...entries, entry({ tenantId: 'ten_b' })] })
    await seal({ store, clock })
  }
  await store.write(change, { entries: [entry(), entry()] })
}

const rowsOf = (store: Store) =>
  store.read.all<AuditRow>(sql`select * from audit_entry where tenant_id = 'ten_a' and sequence > 0 order by sequence`)

const TEXTS = [
  'actor_id',
  'actor_kind',
  'actor_tenant_id',
  'on_behalf_of',
  'managing_tenant_id',
  'action',
  'resource',
  'result',
  'policy_id',
  'request_id',
  'detail',
  'hash',
  'id',
  'tenant_id',
  'region_id',
] as const

/** What somebody who may write to the database can do to sealed records; `at` and `to` choose where. */
const DEEDS: Readonly<Record<string, (rows: readonly AuditRow[], at: number, to: number) => Sql[]>> = {
  'a column is changed': (rows, at, to) => {
    const column = TEXTS[to % TEXTS.length] ?? 'action'
    const row = pick(rows, at)
    const text = `update audit_entry set ${column} = ? where tenant_id = ? and id = ?`
    return [{ text, values: [`${row[column]} `, row.tenant_id, row.id] }]
  },
  'a number is changed': (rows, at, to) => {
    const { id } = pick(rows, at)
    return [sql`update audit_entry set sequence = ${[-1, 0, rows.length + 1 + to][to % 3] ?? 0} where id = ${id}`]
  },
  'a record is removed': (rows, at) => [sql`delete from audit_entry where id = ${pick(rows, at).id}`],
  'the last records are removed': (rows, at) => [
    sql`delete from audit_entry where tenant_id = 'ten_a' and sequence >= ${1 + (at % rows.length)}`,
  ],
  'a record is put in place of another': (rows, at, to) => {
    const [one, other] = [pick(rows, at), pick(rows, to)]
    if (one === other) return [sql`delete from audit_entry where id = ${one.id}`]
    return [
      sql`update audit_entry set sequence = ${-5} where id = ${one.id}`,
      sql`update audit_entry set sequence = ${one.sequence} where id = ${other.id}`,
      sql`update audit_entry set sequence = ${other.sequence} where id = ${one.id}`,
    ]
  },
  'two records exchange what they say': (rows, at, to) => {
    const [one, other] = [pick(rows, at), pick(rows, to)]
    if (one === other) return [sql`update audit_entry set result = 'denied' where id = ${one.id}`]
    const say = (id: string, { resource, detail }: AuditRow) =>
      sql`update audit_entry set resource = ${resource}, detail = ${detail} where id = ${id}`
    return [say(one.id, other), say(other.id, one)]
  },
  'a record is added': (rows, at, to) => {
    const row = pick(rows, at)
    const sequence = [-3, rows.length + 1, rows.length + 9][to % 3] ?? 0
    return [insert({ ...row, id: `${row.id}x`, sequence })]
  },
  'a record is changed and all hashes made anew': (rows, at) => forged(rows, 1 + (at % rows.length)),
  'the head is changed': (rows, _at, to) => [
    [
      sql`update audit_head set hash = ${pick(rows, to).hash.toUpperCase()} where tenant_id = 'ten_a'`,
      sql`update audit_head set signature = ${testKeys.sign('something else')} where tenant_id = 'ten_a'`,
      sql`update audit_head set signed_at = signed_at + 1 where tenant_id = 'ten_a'`,
      sql`delete from audit_head where tenant_id = 'ten_a'`,
    ][to % 4] as Sql,
  ],
}

function pick(rows: readonly AuditRow[], at: number): AuditRow {
  const row = rows[at % rows.length]
  assert(row)
  return row
}

function insert(row: AuditRow): Sql {
  const names = Object.keys(row)
  const text = `insert into audit_entry (${names.join(', ')}) values (${names.map(() => '?').join(', ')})`
  return { text, values: Object.values(row) }
}

/** By one who knows all but the private key. */
function forged(rows: readonly AuditRow[], from: number): Sql[] {
  let hash = ''
  const statements = rows.map(row => {
    const next = row.sequence === from ? { ...row, result: 'denied' as const } : row
    hash = chainHash(hash, sealedText(next, row.sequence))
    return sql`update audit_entry set result = ${next.result}, hash = ${hash} where id = ${row.id}`
  })
  return [...statements, sql`update audit_head set hash = ${hash} where tenant_id = 'ten_a'`]
}

for (const engine of testEngines()) describe(`verifying: ${engine.name}`, () => suite(engine))

function suite(engine: TestEngine): void {
  const few = !engine.name.includes('memory')

  test('an untouched chain has no problem, and it is said how much is unsealed', async () => {
    const open = await openAudit(engine)
    await filled(open, [1, 3, 2])
    const check = await verifyAudit({ ...open, ...chain })
    assert.deepEqual(check.problems, [])
    assert.equal(check.checked, 6)
    assert.equal(check.head?.sequence, 6)
    assert.equal(check.unsealed, 2)
    assert.equal(check.next, undefined)
    await open.store.close()
  })

  for (const [name, deed] of Object.entries(DEEDS)) {
    test(`found: ${name}`, async () => {
      const some = fc.record({
        batches: fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 4 }),
        at: fc.nat(100),
        to: fc.nat(100),
      })
      const property = fc.asyncProperty(some, async ({ batches, at, to }) => {
        const open = await openAudit(engine)
        await filled(open, batches)
        await open.store.write(tamper, deed(await rowsOf(open.store), at, to))
        assert.notDeepEqual((await verifyAudit({ ...open, ...chain })).problems, [])
        const other = await verifyAudit({ ...open, ...chain, tenantId: 'ten_b' })
        assert.deepEqual(other.problems, [], 'the other tenant has nothing to do with it')
        await open.store.close()
      })
      await fc.assert(property, { numRuns: few ? 3 : 40 })
    })
  }

  test('a chain cut back to an older head is found by who kept a newer one, and only so', async () => {
    const open = await openAudit(engine)
    await filled(open, [2, 2])
    const held = await open.store.read.all<AuditRow>(sql`select * from audit_head where tenant_id = 'ten_a'`)
    const kept = (await verifyAudit({ ...open, ...chain })).head
    assert(kept)
    assert.equal(held.length, 1, 'of one hour the last head is kept')
    const [first, second] = [await openAudit(engine), open]
    await filled(first, [2])
    assert.deepEqual((await verifyAudit({ ...first, ...chain })).problems, [])
    const cut = await verifyAudit({ ...first, ...chain, anchors: [kept] })
    assert.deepEqual(
      cut.problems.map(({ kind, sequence }) => [kind, sequence]),
      [['anchor', 4]],
    )
    assert.deepEqual((await verifyAudit({ ...second, ...chain, anchors: [kept] })).problems, [])
    const other = await verifyAudit({ ...second, ...chain, anchors: [{ sequence: 2, hash: kept.hash }] })
    assert.deepEqual(
      other.problems.map(({ kind }) => kind),
      ['anchor'],
    )
    await first.store.close()
    await second.store.close()
  })

  test('in parts it finds the same, and goes on where it was', async () => {
    const open = await openAudit(engine)
    await filled(open, [4, 4, 4])
    const row = (await rowsOf(open.store))[6]
    assert(row)
    await open.store.write(tamper, [sql`update audit_entry set action = 'x' where id = ${row.id}`])
    const found: number[] = []
    let [parts, checked] = [0, 0]
    for (let after: { sequence: number; hash: string } | undefined; ; parts++) {
      const check = await verifyAudit({ ...open, ...chain, after, limit: 5 })
      found.push(...check.problems.map(problem => problem.sequence))
      checked += check.checked
      after = check.next
      if (after === undefined) break
    }
    assert.deepEqual(found, [7])
    assert.deepEqual([parts, checked], [2, 12])
    await open.store.close()
  })

  test('sealing stops at what it would not have signed, for that tenant only, and takes nothing along', async () => {
    const open = await openAudit(engine)
    await filled(open, [3])
    const [row] = await rowsOf(open.store)
    assert(row)
    await open.store.write(tamper, forged(await rowsOf(open.store), 2))
    await assert.rejects(seal(open), { code: 'AUDIT_CHAIN_BROKEN' })
    assert.equal((await verifyAudit({ ...open, ...chain })).unsealed, 2)
    await open.store.close()
  })

  test('a key that was replaced goes on vouching for what it signed; a strange one never does', async () => {
    const open = await openAudit(engine)
    await filled(open, [2])
    const rotated = parseAuditKeys(newAuditKeys([testKeys.current]), 'test')
    await seal(open, rotated)
    const check = await verifyAudit({ ...open, ...chain, keys: rotated })
    assert.deepEqual(check.problems, [])
    assert.equal(check.head?.keyId, rotated.current.keyId)
    const stranger = parseAuditKeys(newAuditKeys([]), 'test')
    const { problems } = await verifyAudit({ ...open, ...chain, keys: stranger })
    assert.deepEqual(
      problems.map(({ kind, sequence }) => [kind, sequence]),
      [
        ['head', 2],
        ['head', 4],
      ],
    )
    await open.store.write(change, { entries: [entry()] })
    await assert.rejects(seal(open, stranger), { code: 'AUDIT_CHAIN_BROKEN' })
    await open.store.close()
  })
}

test('a head can not be made from a record, nor by a key file of another kind', () => {
  for (const text of ['', '{}', '{"keys":[]}', JSON.stringify({ keys: [{ kty: 'OKP', crv: 'Ed25519', x: 'a' }] })]) {
    assert.throws(() => parseAuditKeys(text, '/secrets/x'), { code: 'AUDIT_KEYS' })
  }
  assert.equal(testKeys.verify('nobody', 'text', testKeys.sign('text')), false)
  assert.equal(testKeys.verify(testKeys.current.keyId, 'text', testKeys.sign('text')), true)
})
