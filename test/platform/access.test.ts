import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type Ran, runTowpath } from '../support/command.ts'
import { type Platform, startPlatform } from '../support/platform.ts'

let platform: Platform
before(async () => {
  platform = await startPlatform({ env: { TOWPATH_REGIONS_0_NODES: '1' } })
})
after(() => platform.stop())

function towpathAs(as: { username: string; password: string }, words: string): Promise<Ran> {
  const args = [...words.matchAll(/'([^']*)'|\S+/g)].map(([word, quoted]) => quoted ?? word)
  return runTowpath(platform, args, { env: { TOWPATH_USERNAME: as.username, TOWPATH_PASSWORD: as.password } })
}
const admin = (words: string) => towpathAs({ username: 'admin', password: platform.adminPassword }, words)

async function done(words: string): Promise<string> {
  const { code, stdout, stderr } = await admin(words)
  assert.equal(code, 0, `towpath ${words}: ${stderr}`)
  return stdout
}

test('a program gets a role on a group, does what it allows, and no more', async () => {
  await done('group create edge')
  await done('group create north --in edge')
  await done('principal create ops --kind group')
  await done('principal create deployer --kind service')
  await done('principal add ops deployer')
  await done(`access assign ops Contributor --at edge --if 'resource.name != "sealed"'`)
  const { clientId, secret } = JSON.parse(await done('principal secret deployer -o json')) as Record<string, string>
  const deployer = (words: string) => towpathAs({ username: clientId ?? '', password: secret ?? '' }, words)

  const made = await deployer('registry create theirs --host theirs.example --group north -o json')
  assert.equal(made.code, 0, made.stderr)
  assert.match(await done('group list'), /^theirs +registry +north +\/tenants\/ten_default\/resources\/reg_/m)
  assert.equal((await deployer('registry create elsewhere')).code, 3, 'not outside of its group')
  assert.equal((await deployer('access list')).code, 3)
  assert.match((await deployer('registry list -o tsv')).stdout, /^theirs\t[^\n]*\n$/, 'sees only its own')

  // What would be decided is what is decided, and says by which policy.
  assert.match(await done('access check deployer registry/write --at theirs'), /\nyes +asg_\S+ +asg_\S+ allows it\n$/)
  assert.match(await done('access check deployer access/assign --at edge'), /\nno +default-deny +No role of deployer/)
  await done('access lock no-delete --at edge --note why')
  assert.match(await done('access check deployer registry/delete --at theirs'), /\nno +lck_\S+ +lck_\S+ forbids it\n$/)
  const locked = await deployer('registry delete theirs --yes')
  assert.equal(locked.code, 3)
  assert.match(locked.stderr, /lck_\S+ forbids it/)
  const moved = await deployer('group move theirs --to edge')
  assert.equal(moved.code, 3, 'moving away from under a lock is deleting')
  const [{ id: lock }] = JSON.parse(await done('access locks -o json')) as [{ id: string }]
  await done(`access unlock ${lock}`)
  assert.equal((await deployer('group move theirs --to edge')).code, 0)
  assert.equal((await deployer('registry delete theirs --yes')).code, 0)

  const list = JSON.parse(await done('access list -o json')) as { id: string; roleId: string }[]
  const { id } = list.find(one => one.roleId === 'rol_contributor') ?? { id: '' }
  await done(`access revoke ${id}`)
  assert.equal((await deployer('registry create again --group north')).code, 4, 'the group is not to be seen any more')
  await done('principal disable deployer')
  assert.equal((await deployer('registry list')).code, 3)

  const audited = await done(`audit query --actor ${clientId} -o json`)
  const { records } = JSON.parse(audited) as { records: { action: string; result: string; policyId: string }[] }
  const deleted = records.find(one => one.action === 'registry/delete' && one.result === 'done')
  assert.equal(deleted?.policyId, id, 'the audit names the assignment that allowed it')
  assert.ok(records.some(one => one.result === 'denied' && one.policyId === lock))
})

test('roles of one’s own, agents with owners, groups that would hold themselves', async () => {
  assert.match(await done('role list'), /^AcrPull +yes .*7f951dda-4ed3-4680-a7ca-43fe172d538d$/m)
  await done(`role create Runner --allow pipeline/* --except pipeline/delete`)
  await done('principal create ann --kind user')
  await done('access assign ann runner')
  assert.match(await done('access list'), /^ann +Runner +default +direct +asg_/m)
  assert.equal((await admin('role delete Runner --yes')).code, 5)
  assert.equal((await admin(`role create Wrong --allow pipe/*`)).code, 1)

  assert.equal((await admin('principal create robot --kind agent')).code, 1)
  assert.match(await done('principal create robot --kind agent --owner ann'), /^robot +agent +yes/m)
  await done('principal create one --kind group')
  await done('principal create two --kind group')
  await done('principal add one two')
  const circle = await admin('principal add two one')
  assert.equal(circle.code, 5)
  assert.match(circle.stderr, /would hold itself/)
  const unknown = await admin('principal add one nobody')
  assert.equal(unknown.code, 4)
})
