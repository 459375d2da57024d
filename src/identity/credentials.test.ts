import assert from 'node:assert/strict'
import { test } from 'node:test'
import { auditMigrations } from '../audit/index.ts'
import { sql, systemClock } from '../kernel/index.ts'
import { testEngines, testStore } from '../kernel/store/engines.fixture.ts'
import {
  ensureAdmin,
  identityMigrations,
  identityWrites,
  PasswordUnfit,
  readCredentials,
  rotateAdminPassword,
} from './credentials.ts'
import { verifyPassword } from './password.ts'
import { tenantMigrations } from './tree/schema.ts'

const from = {
  region: 'control',
  tenantId: 'ten_a',
  actor: { id: 'user:admin', kind: 'user', tenantId: 'ten_a' },
  onBehalfOf: [],
}

for (const engine of testEngines()) {
  test(`credentials on ${engine.name}`, async t => {
    const clock = { ...systemClock('test'), now: () => 5000 }
    const store = await testStore(engine, {
      migrations: [...auditMigrations, ...identityMigrations, ...tenantMigrations],
      writes: identityWrites,
      clock,
    })
    t.after(() => store.close())

    assert.deepEqual(await readCredentials(store.read), [])
    // Two supervisors that start at once: one makes the password, the other makes none.
    const made = await Promise.all([ensureAdmin({ store, clock }), ensureAdmin({ store, clock, password: 'given' })])
    const passwords = made.flatMap(({ created }) => (created === undefined ? [] : [created]))
    assert.equal(passwords.length, 1)
    assert.deepEqual(await ensureAdmin({ store, clock, password: 'late' }), { created: undefined })

    const [first] = await readCredentials(store.read)
    assert.ok(first && (await verifyPassword(passwords[0] ?? '', first.hash)))
    assert.deepEqual([first.user, first.slot, first.changedAt], ['admin', 1, 5000])

    const second = await rotateAdminPassword({ store, clock, slot: 2, from })
    assert.equal(await rotateAdminPassword({ store, clock, slot: 2, password: 'chosen', from }), 'chosen')
    const rows = await readCredentials(store.read)
    assert.deepEqual(rows[0], first, 'the other slot stays as it was')
    assert.deepEqual([rows.length, rows[1]?.slot, rows[1]?.changedAt], [2, 2, 5001])
    assert.ok(await verifyPassword('chosen', rows[1]?.hash ?? ''))
    assert.equal(await verifyPassword(second, rows[1]?.hash ?? ''), false)

    for (const password of ['', 'x'.repeat(513), 'tab\there']) {
      await assert.rejects(rotateAdminPassword({ store, clock, slot: 1, password, from }), { code: PasswordUnfit.code })
    }
    const told = await store.read.all(sql`select action, detail from audit_entry order by id`)
    assert.deepEqual(
      told.map(row => ({ ...row })),
      [1, 2].map(() => ({ action: 'admin.rotate', detail: '{"slot":2}' })),
      'each rotation, and none of the refused',
    )
  })
}
