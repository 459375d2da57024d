import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from '../../kernel/index.ts'
import { testEngines } from '../../kernel/store/engines.fixture.ts'
import { readAssignments } from '../roles/assignments.ts'
import { from, openTenants } from '../tenants.fixture.ts'
import { locks, readLocks } from './locks.ts'
import { chainOf, DEEPEST, nodes, readNodes } from './nodes.ts'
import { findTenant, readTenants, tenants } from './tenants.ts'

for (const engine of testEngines()) {
  test(`tenants, groups and locks on ${engine.name}`, async t => {
    const { store, tenant, group, principal, assign } = await openTenants(engine)
    t.after(() => store.close())
    const move = (id: string, parentId: string) =>
      store.write(nodes.move, { tenantId: 'ten_a', id, parentId, from: from('ten_a') })
    const drop = (id: string) => store.write(nodes.deleteGroup, { tenantId: 'ten_a', id, from: from('ten_a') })

    await tenant('ten_a')
    await tenant('ten_a')
    await assert.rejects(store.write(tenants.create, { id: 'ten_b', name: 'ten-a', from: from() }), {
      code: 'TENANT_NAME_TAKEN',
    })
    assert.deepEqual(
      (await readTenants(store.read)).map(({ id }) => id),
      ['ten_default', 'ten_a'],
    )

    await group('ten_a', 'grp_1')
    await group('ten_a', 'grp_2', 'grp_1')
    await group('ten_a', 'grp_3', 'grp_2')
    assert.deepEqual(
      (await chainOf(store.read, 'ten_a', 'grp_3')).map(({ id }) => id),
      ['grp_3', 'grp_2', 'grp_1', 'ten_a'],
    )
    assert.deepEqual(await chainOf(store.read, 'ten_default', 'grp_3'), [], 'another tenant sees nothing of it')

    // Not into itself, not into what is not there, not into another tenant's group, not from the top.
    await assert.rejects(move('grp_1', 'grp_3'), { code: 'NODE_MOVE_REFUSED' })
    await assert.rejects(move('grp_1', 'grp_1'), { code: 'NODE_MOVE_REFUSED' })
    await assert.rejects(move('grp_1', 'ten_default'), { code: 'NODE_UNKNOWN' })
    await assert.rejects(move('ten_a', 'grp_1'), { code: 'NODE_MOVE_REFUSED' })
    assert.equal((await move('grp_3', 'ten_a')).parentId, 'ten_a')
    await assert.rejects(group('ten_a', 'grp_9', 'grp_9'), { code: 'NODE_UNKNOWN' })

    // Names are unique at a place; a moved one too.
    const twin = { tenantId: 'ten_a', id: 'grp_4', parentId: 'grp_2', kind: 'group' as const, name: 'grp_3' }
    await store.write(nodes.createGroup, { node: twin, from: from('ten_a') })
    await assert.rejects(move('grp_3', 'grp_2'), { code: 'NODE_NAME_TAKEN' })

    await assert.rejects(drop('grp_2'), { code: 'NODE_NOT_EMPTY' })
    await principal('ten_a', 'prn_1')
    await assign('ten_a', 'asg_1', 'prn_1', 'rol_reader', '/tenants/ten_a/groups/grp_3')
    const lock = { tenantId: 'ten_a', id: 'lck_1', nodeId: 'grp_3', kind: 'no-delete' as const, note: 'why' }
    await store.write(locks.set, { lock, from: from('ten_a') })
    await store.write(locks.set, { lock: { ...lock, id: 'lck_2' }, from: from('ten_a') })
    assert.deepEqual(await readLocks(store.read, 'ten_a'), [lock])
    await drop('grp_3')
    assert.deepEqual(await readLocks(store.read, 'ten_a'), [])
    assert.deepEqual(await readAssignments(store.read, 'ten_a'), [])
    assert.equal((await readNodes(store.read, 'ten_a'))[0]?.id, 'ten_a')

    await assert.rejects(store.write(tenants.delete, { id: 'ten_a', from: from('ten_a') }), { code: 'TENANT_STAYS' })
    await assert.rejects(store.write(tenants.delete, { id: 'ten_default', from: from() }), { code: 'TENANT_STAYS' })
    for (const id of ['grp_4', 'grp_2', 'grp_1']) await drop(id)
    await store.write(tenants.delete, { id: 'ten_a', from: from('ten_a') })
    assert.equal(await findTenant(store.read, 'ten-a'), undefined)
    assert.deepEqual(await readNodes(store.read, 'ten_a'), [])
  })

  test(`a tree has a bottom, and each change is in the audit and a new version on ${engine.name}`, async t => {
    const { store, tenant, group } = await openTenants(engine)
    t.after(() => store.close())
    await tenant('ten_a')
    const before = (await findTenant(store.read, 'ten-a'))?.version ?? 0
    let parent = 'ten_a'
    for (let level = 2; level <= DEEPEST; level++) parent = (await group('ten_a', `grp_${level}`, parent)).id
    await assert.rejects(group('ten_a', 'grp_below', parent), { code: 'NODE_MOVE_REFUSED' })
    await group('ten_a', 'grp_x')
    await group('ten_a', 'grp_y', 'grp_x')
    const low = { tenantId: 'ten_a', id: 'grp_x', parentId: `grp_${DEEPEST - 1}`, from: from('ten_a') }
    await assert.rejects(store.write(nodes.move, low), { code: 'NODE_MOVE_REFUSED' })

    const changes = DEEPEST - 1 + 2
    assert.equal((await findTenant(store.read, 'ten-a'))?.version, before + changes)
    const entries = await store.read.all<{ action: string; resource: string }>(
      sql`select action, resource from audit_entry where tenant_id = 'ten_a' and action = 'group/write' order by id`,
    )
    assert.equal(entries.length, changes, 'a refused change leaves no entry')
    assert.equal(entries[0]?.resource, '/tenants/ten_a/groups/grp_2')
  })
}
