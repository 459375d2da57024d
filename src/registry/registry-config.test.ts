import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Failure, openSqlite, systemClock } from '../kernel/index.ts'
import {
  DEFAULT_REGISTRY,
  readRegistries,
  registryByHost,
  registryConfigMigrations,
  registryConfigs,
  registryConfigWrites,
  registryHosts,
} from './registry-config.ts'
import { premiumLimits } from './throttle/limits.ts'

async function open() {
  const options = { path: ':memory:', migrations: registryConfigMigrations, writes: registryConfigWrites }
  const store = await openSqlite({ ...options, clock: systemClock('t') })
  await store.write(registryConfigs.ensureDefault, null)
  return store
}

const refused = (code: string) => (error: unknown) => error instanceof Failure && error.code === code
const endpoint = { tokenAudience: 'endpoint' as const, throttle: premiumLimits }
const team = {
  id: 'reg_1',
  name: 'team',
  hosts: ['team.example:5000', 'team.example'],
  anonymousPull: true,
  ...endpoint,
}

test('default is there from the start, once, and stays', async () => {
  const store = await open()
  await store.write(registryConfigs.ensureDefault, null)
  assert.deepEqual(await readRegistries(store.read), [
    { ...DEFAULT_REGISTRY, hosts: [], anonymousPull: false, ...endpoint },
  ])
  await assert.rejects(store.write(registryConfigs.delete, { name: 'default' }), refused('REGISTRY_DEFAULT_STAYS'))
})

test('a registry is made once, changed in part and deleted', async () => {
  const store = await open()
  await store.write(registryConfigs.create, team)
  await store.write(registryConfigs.create, team)
  await assert.rejects(store.write(registryConfigs.create, { ...team, id: 'reg_2' }), refused('REGISTRY_NAME_TAKEN'))
  await store.write(registryConfigs.update, { name: 'team', anonymousPull: false })
  const held = (await readRegistries(store.read)).find(one => one.name === 'team')
  assert.deepEqual(held, { ...team, hosts: ['team.example', 'team.example:5000'], anonymousPull: false })
  await store.write(registryConfigs.update, { name: 'team', tokenAudience: 'registry' })
  const after = (await readRegistries(store.read)).find(one => one.name === 'team')
  assert.deepEqual([after?.tokenAudience, after?.anonymousPull], ['registry', false])
  await store.write(registryConfigs.update, { name: 'team', throttle: { read: { registry: 7, identity: 3 } } })
  const next = await store.write(registryConfigs.update, {
    name: 'team',
    throttle: { oauth: { registry: 0, identity: 0 } },
  })
  const throttle = { ...premiumLimits, read: { registry: 7, identity: 3 }, oauth: { registry: 0, identity: 0 } }
  assert.deepEqual(next.throttle, throttle, 'a class that is left out stays')
  assert.deepEqual(
    (await readRegistries(store.read)).map(one => one.throttle),
    [premiumLimits, throttle],
  )
  await store.write(registryConfigs.delete, { name: 'team' })
  await store.write(registryConfigs.create, team)
  assert.deepEqual((await readRegistries(store.read))[1]?.throttle, premiumLimits, 'nothing of the one before is left')
  await store.write(registryConfigs.delete, { name: 'team' })
  assert.equal((await readRegistries(store.read)).length, 1)
  await assert.rejects(store.write(registryConfigs.update, { name: 'team' }), refused('REGISTRY_UNKNOWN'))
})

test('a host belongs to one registry, and a refused change leaves nothing behind', async () => {
  const store = await open()
  await store.write(registryConfigs.create, team)
  const other = { ...team, id: 'reg_2', name: 'other', hosts: ['free.example', 'team.example'] }
  await assert.rejects(store.write(registryConfigs.create, other), refused('REGISTRY_HOST_TAKEN'))
  assert.equal((await readRegistries(store.read)).length, 2)
})

test('a host with a port is asked before the same host without', () => {
  const plain = { ...team, id: 'reg_a', hosts: ['a.example'] }
  const ported = { ...team, id: 'reg_b', hosts: ['a.example:5000'] }
  const rest = { ...DEFAULT_REGISTRY, hosts: [], anonymousPull: false, ...endpoint }
  const find = registryByHost([plain, ported, rest])
  assert.equal(find('A.example:5000')?.id, 'reg_b')
  assert.equal(find('a.example:5001')?.id, 'reg_a')
  assert.equal(find('a.example')?.id, 'reg_a')
  assert.equal(find('127.0.0.1:5000')?.id, 'reg_default')
  assert.equal(find('[::1]:5000')?.id, 'reg_default')
})

test('hosts are lower case, well formed and named once', () => {
  assert.deepEqual(registryHosts.parse(['A.Example:5000']), ['a.example:5000'])
  assert.equal(registryHosts.safeParse(['https://a.example']).success, false)
  assert.equal(registryHosts.safeParse(['a.example', 'A.example']).success, false)
})
