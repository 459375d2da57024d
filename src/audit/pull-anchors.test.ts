import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { type Clock, type Failure, type Store, sql } from '../kernel/index.ts'
import { type TestEngine, testEngines } from '../kernel/store/engines.fixture.ts'
import { readAnchors } from './anchor-rows.ts'
import { change, entry, openAudit, seal, tamper, testKeys } from './audit.fixture.ts'
import { hashAt, headsAfter } from './head.ts'
import { newAuditKeys, parseAuditKeys } from './keys.ts'
import { type AnchorSource, pullAnchors } from './pull-anchors.ts'
import { verifyAudit } from './verify.ts'

type Open = { store: Store; clock: Clock }

/** The chains of `home`, as another process tells of them. */
function sourceOf({ store }: Open): AnchorSource {
  return {
    heads: after => headsAfter(store.read, 'home', after),
    hashes: places =>
      Promise.all(places.map(({ tenantId, sequence }) => hashAt(store.read, tenantId, 'home', sequence))),
  }
}

async function sealMore(open: Open, count: number, tenantId = 'ten_a'): Promise<void> {
  await open.store.write(change, { entries: Array.from({ length: count }, () => entry({ tenantId })) })
  await seal(open)
}

for (const engine of testEngines()) describe(`anchors: ${engine.name}`, () => suite(engine))

function suite(engine: TestEngine): void {
  /** A database with chains, and one that keeps their heads. */
  async function both() {
    const [home, other] = [await openAudit(engine), await openAudit(engine)]
    const told: string[] = []
    const onError = (error: unknown) => told.push((error as Failure).code)
    const pull = (keys = testKeys) =>
      pullAnchors({ store: other.store, keys, source: sourceOf(home), region: 'home', onError })
    const kept = async (tenantId = 'ten_a') =>
      (await readAnchors(other.store.read, tenantId, 'home')).map(head => head.sequence)
    const problems = async () => {
      const anchors = await readAnchors(other.store.read, 'ten_a', 'home')
      const check = await verifyAudit({ ...home, keys: testKeys, tenantId: 'ten_a', region: 'home', anchors })
      return check.problems.map(({ kind, sequence }) => `${kind} ${sequence}`)
    }
    const close = () => Promise.all([home.store.close(), other.store.close()])
    return { home, other, told, pull, kept, problems, close }
  }

  test('the newest head of each chain is kept, however often it is pulled', async () => {
    const { home, pull, kept, problems, told, close } = await both()
    for (let i = 0; i < 60; i++) await sealMore(home, 1, `ten_${String(i).padStart(3, '0')}`)
    await sealMore(home, 3)
    await pull()
    await pull()
    assert.deepEqual(await kept(), [3])
    assert.deepEqual(await kept('ten_059'), [1], 'more than a page of tenants')
    await sealMore(home, 2)
    await pull()
    assert.deepEqual(await kept(), [5])
    assert.deepEqual(await problems(), [])
    assert.deepEqual(told, [])
    await close()
  })

  test('a chain that is cut back and goes on is found for ever: what was known of it stays beside what is', async () => {
    const { home, pull, kept, problems, told, close } = await both()
    await sealMore(home, 2)
    const before = await home.store.read.all<{ hash: string }>(sql`select * from audit_head where tenant_id = 'ten_a'`)
    assert.equal(before.length, 1)
    const row = before[0] as Record<string, string | number>
    await sealMore(home, 3)
    await pull()
    await home.store.write(tamper, [
      sql`delete from audit_entry where tenant_id = 'ten_a' and sequence > 2`,
      sql`delete from audit_head where tenant_id = 'ten_a'`,
      {
        text: `insert into audit_head (${Object.keys(row).join(', ')}) values (${Object.keys(row).map(() => '?')})`,
        values: Object.values(row),
      },
    ])
    assert.deepEqual(await problems(), ['anchor 5'])
    await sealMore(home, 1)
    await pull()
    assert.deepEqual(told, ['AUDIT_CHAIN_FORKED'])
    assert.deepEqual(await kept(), [5, 3])
    await sealMore(home, 4)
    await pull()
    assert.deepEqual(await kept(), [5, 7], 'it went on from what is known now, and only that is replaced')
    assert.deepEqual(await problems(), ['anchor 5'])
    assert.equal(told.length, 1)
    await close()
  })

  test('a chain made anew is found, also while nothing of it is there', async () => {
    const { home, pull, kept, problems, close } = await both()
    await sealMore(home, 4)
    await pull()
    await home.store.write(tamper, [sql`delete from audit_entry`, sql`delete from audit_head`])
    await pull()
    assert.deepEqual(await problems(), ['anchor 4'])
    await sealMore(home, 6)
    await pull()
    assert.deepEqual(await kept(), [4, 6])
    assert.deepEqual(await problems(), ['anchor 4'])
    await close()
  })

  test('of a chain that is made anew without end the first heads stay, and no more than some', async () => {
    const { home, pull, kept, close } = await both()
    for (let i = 0; i < 25; i++) {
      await sealMore(home, 1)
      await pull()
      await home.store.write(tamper, [sql`delete from audit_entry`, sql`delete from audit_head`])
    }
    assert.equal((await kept()).length, 21)
    await close()
  })

  test('a head that no key of ours signed is told and not kept', async () => {
    const { home, pull, kept, told, close } = await both()
    await sealMore(home, 1)
    await pull(parseAuditKeys(newAuditKeys([]), 'test'))
    assert.deepEqual(await kept(), [])
    assert.deepEqual(told, ['AUDIT_HEAD_UNSIGNED'])
    await close()
  })
}
