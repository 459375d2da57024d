import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Disk } from '../disk.ts'
import { type SimClock, simClock } from '../sim/clock.ts'
import { SimDisk } from '../sim/disk.ts'
import { SimProcess } from '../sim/process.ts'
import { createRandom } from '../sim/random.ts'
import { VaultLocked } from './failures.ts'
import type { KeyManagement, MasterKeys } from './key-management.ts'
import { localKey } from './local-key.ts'
import { openSecretFiles, SecretFileDamaged, SecretFileEmpty, type SecretFiles } from './secret-files.ts'

const PLAIN = '{"d":"hunter2-the-private-half"}'
const NAME = 'token-signing.jwk'
const PATH = `/secrets/${NAME}`

function world(seed = 0) {
  const clock = simClock(`files ${seed}`)
  const sim = new SimDisk({ random: createRandom(seed), torn: true, now: () => clock.now() })
  return { clock, sim, disk: sim.mount(), key: localKey(clock.bytes(32), clock) }
}

function filesOn(disk: Disk, clock: SimClock, ...keys: [KeyManagement, ...KeyManagement[]]): SecretFiles {
  return openSecretFiles({ disk, clock, dir: '/secrets', masterKeys: async () => keys })
}

async function text(disk: Disk, path: string): Promise<string> {
  const file = await disk.open(path, 'read')
  const into = Buffer.alloc(await file.size())
  await file.read(into, 0)
  await file.close()
  return into.toString()
}

async function put(disk: Disk, path: string, value: string): Promise<void> {
  await disk.makeDir('/secrets')
  await disk.syncDir('/')
  await disk.remove(path)
  const file = await disk.open(path, 'create')
  await file.write([Buffer.from(value)], 0)
  await file.sync()
  await file.close()
  await disk.syncDir('/secrets')
}

async function everything(disk: Disk): Promise<string> {
  return (await Promise.all((await disk.list('/secrets')).map(name => text(disk, `/secrets/${name}`)))).join('')
}

/** Cuts the power before each operation of `run`, one after the other and by several lots, until it runs through. */
async function cutEverywhere(
  prepare: (disk: Disk, clock: SimClock, key: KeyManagement) => Promise<void>,
  run: (disk: Disk, clock: SimClock, key: KeyManagement) => Promise<unknown>,
  check: (disk: Disk, clock: SimClock, key: KeyManagement, done: boolean) => Promise<void>,
): Promise<number> {
  let cuts = 0
  for (let seed = 0; seed < 8; seed++) {
    for (let at = 0, done = false; !done; at++) {
      const { clock, sim, disk, key } = world(seed)
      await prepare(disk, clock, key)
      const process = new SimProcess('cut')
      let count = 0
      const cut = new Promise<false>(resolve => {
        sim.fault = () => {
          if (count++ !== at) return undefined
          process.kill()
          sim.crash()
          resolve(false)
          return undefined
        }
      })
      done = await Promise.race([cut, run(sim.mount(process), clock, key).then(() => true)])
      sim.fault = () => undefined
      // What was acknowledged must outlive a cut right after.
      if (done) sim.crash()
      else cuts += 1
      await check(sim.mount(), clock, key, done)
    }
  }
  return cuts
}

test('a secret is made once and sealed, with its age in the open', async () => {
  const { clock, disk, key } = world()
  const files = filesOn(disk, clock, key)
  const madeAt = clock.now()
  assert.deepEqual(await files.ensure(NAME, () => PLAIN), { value: PLAIN, madeAt })
  await clock.advance(5000)
  assert.deepEqual(await filesOn(disk, clock, key).ensure(NAME, () => 'another'), { value: PLAIN, madeAt })
  assert.equal(await files.madeAt(NAME), madeAt)
  assert.equal(await files.find('nothing'), undefined)
  assert.ok(!(await everything(disk)).includes('hunter2'))
  assert.match(await text(disk, PATH), /^towpath-sealed\.v1\./)
})

test('a plain file of an earlier version loses nothing, wherever the power is cut while it is sealed', async () => {
  const cuts = await cutEverywhere(
    disk => put(disk, PATH, `${PLAIN}\n`),
    (disk, clock, key) => filesOn(disk, clock, key).find(NAME),
    async (disk, clock, key, done) => {
      const held = await text(disk, PATH)
      assert.ok(held === `${PLAIN}\n` || /^towpath-sealed\./.test(held), 'half a file')
      if (done) assert.ok(!held.includes('hunter2'))
      assert.equal((await filesOn(disk, clock, key).find(NAME))?.value, PLAIN)
      assert.ok(!(await everything(disk)).includes('hunter2'))
    },
  )
  assert.ok(cuts > 80, `only ${cuts} cuts`)
})

test('a new secret is whole and stays, or was never told to anybody, wherever the power is cut', async () => {
  const nothing = async () => {}
  await cutEverywhere(
    nothing,
    (disk, clock, key) => filesOn(disk, clock, key).ensure(NAME, () => PLAIN),
    async (disk, clock, key, done) => {
      const { value } = await filesOn(disk, clock, key).ensure(NAME, () => 'made after the cut')
      if (done) assert.equal(value, PLAIN)
    },
  )
})

test('under a new master key nothing is lost, wherever the power is cut', async () => {
  const next = localKey(Buffer.alloc(32, 7), simClock('next'))
  await cutEverywhere(
    async (disk, clock, key) => {
      await filesOn(disk, clock, key).ensure(NAME, () => PLAIN)
    },
    (disk, clock, key) => filesOn(disk, clock, next, key).rewrap(),
    async (disk, clock, key, done) => {
      const both = filesOn(disk, clock, next, key)
      assert.equal((await both.find(NAME))?.value, PLAIN)
      if (done) assert.equal((await filesOn(disk, clock, next).find(NAME))?.value, PLAIN)
    },
  )
})

test('a process that has opened them goes on while its master key is exchanged under it', async () => {
  const { clock, disk, key } = world()
  const next = localKey(clock.bytes(32), clock)
  const running = filesOn(disk, clock, key)
  await running.ensure(NAME, () => PLAIN)
  const made = await running.keyFacts()
  await clock.advance(1000)
  await filesOn(disk, clock, next, key).rewrap()
  const after = await running.keyFacts()
  assert.deepEqual([after?.masterKeyId, after?.madeAt], [next.id, made?.madeAt])
  assert.equal((after?.wrappedAt ?? 0) - (made?.wrappedAt ?? 0), 1000)
  await running.ensure('region-home.key', () => 'later')
  assert.equal((await filesOn(disk, clock, next).find('region-home.key'))?.value, 'later')
})

test('altered, exchanged with another file, or without its data key: refused, never replaced, never quoted', async () => {
  const { clock, disk, key } = world()
  await filesOn(disk, clock, key).ensure(NAME, () => PLAIN)
  await filesOn(disk, clock, key).ensure('region-home.key', () => 'hunter2-too')
  const good = await text(disk, PATH)
  const old = good.replace(/v1\.[0-9]+/, 'v1.1')
  const wrong = [old, await text(disk, '/secrets/region-home.key'), good.slice(0, -3), good.replace('v1', 'v2')]
  for (const held of wrong) {
    await put(disk, PATH, held)
    await assert.rejects(
      filesOn(disk, clock, key).ensure(NAME, () => 'new'),
      error =>
        Reflect.get(Object(error), 'code') === SecretFileDamaged.code && !JSON.stringify(error).includes('hunter2'),
    )
    assert.equal(await text(disk, PATH), held)
  }
  await put(disk, PATH, good)
  await disk.remove('/secrets/data.key')
  await assert.rejects(filesOn(disk, clock, key).find(NAME), { code: SecretFileDamaged.code })
  await put(disk, '/secrets/audit', '\n')
  await assert.rejects(filesOn(disk, clock, key).find('audit'), { code: SecretFileEmpty.code })
})

test('locked: what is plain still is of use, what is sealed is 503, nothing is made in the clear; then all without a restart', async () => {
  const { clock, disk, key } = world()
  await put(disk, PATH, PLAIN)
  const sealedBefore = filesOn(disk, clock, key)
  await sealedBefore.ensure('region-home.key', () => 'sealed')
  let away = true
  let asked = 0
  const masterKeys: MasterKeys = async () => {
    asked += 1
    if (away) throw VaultLocked('it is away', 'Bring it back')
    return [key]
  }
  const files = openSecretFiles({ disk, clock, dir: '/secrets', masterKeys })
  assert.equal((await files.find(NAME))?.value, PLAIN)
  for (let i = 0; i < 5; i++)
    await assert.rejects(files.find('region-home.key'), { code: VaultLocked.code, status: 503 })
  assert.equal(asked, 1, 'what is away is not asked by every request')
  await assert.rejects(
    files.ensure('audit', () => 'hunter2-in-the-clear'),
    { code: VaultLocked.code },
  )
  assert.deepEqual(await disk.list('/secrets'), ['data.key', 'region-home.key', NAME])
  assert.equal(await text(disk, PATH), PLAIN)

  away = false
  await clock.advance(1000)
  assert.equal((await files.find('region-home.key'))?.value, 'sealed')
  assert.equal((await files.find(NAME))?.value, PLAIN)
  assert.ok(!(await everything(disk)).includes('hunter2'))
})
