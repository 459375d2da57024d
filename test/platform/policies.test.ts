import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { runTowpath, towpathDone } from '../support/command.ts'
import { type Platform, startPlatform } from '../support/platform.ts'

let platform: Platform
before(async () => {
  platform = await startPlatform({ env: { TOWPATH_REGIONS_0_NODES: '1' } })
})
after(() => platform.stop())

const policy = (...args: string[]) => runTowpath(platform, ['policy', ...args])
const done = (...args: string[]) => towpathDone(platform, ['policy', ...args, '-o', 'json'])

test('policies are made, shown, changed and deleted, and the audit has what each says', async () => {
  await done('create', 'untagged', '--kind', 'retention', '--days', '7')
  const builds = ['--kind', 'tags', '--repositories', 'team/*', '--tags', 'pr-*', 'dev-*', '--keep', '10']
  await done('create', 'builds', ...builds, '--keep-pushed-within', '30')
  await done('create', 'releases', '--kind', 'immutable', '--tags', 'v*')
  const table = await policy('list')
  assert.match(table.stdout, /^builds +tags +team\/\* +enabled +pr-\* dev-\*: keeps newest 10, pushed within 30 d$/m)
  assert.match(table.stdout, /^untagged +retention +\* +enabled +7 d without a tag$/m)
  await done('update', 'builds', '--keep', 'none', '--untagged')
  const changed = JSON.parse(await done('show', 'builds')) as { settings: Record<string, unknown> }
  assert.deepEqual(changed.settings, {
    ...{ tags: ['pr-*', 'dev-*'], keepLast: null, keepPushedDays: 30, keepPulledDays: null, keepMatching: [] },
    deleteManifests: true,
  })
  await towpathDone(platform, ['policy', 'delete', 'untagged', '--yes'])
  assert.match((await policy('show', 'untagged')).stderr, /There is no policy "untagged"/)
  const audit = await towpathDone(platform, ['audit', 'query', '--action', 'policy/write', '-o', 'json'])
  const { records } = JSON.parse(audit) as { records: { resource: string; detail: Record<string, unknown> }[] }
  const last = records.find(one => one.resource.endsWith('/policies/builds'))
  assert.equal(last?.detail.tags, 'pr-* dev-*')
  assert.equal(last?.detail.keepLast, '')
})

test('what is wrong is said in words: a kind without its settings, a rule that keeps nothing, a regular expression', async () => {
  const refused = async (says: RegExp, ...args: string[]) => {
    const { code, stderr } = await policy('create', 'wrong', ...args)
    assert.notEqual(code, 0)
    assert.match(stderr, says)
  }
  await refused(/days/, '--kind', 'retention')
  await refused(/nothing is kept/, '--kind', 'tags', '--tags', 'pr-*')
  await refused(/no pattern/, '--kind', 'immutable', '--tags', '^v[0-9]+$')
  await refused(/whole number/, '--kind', 'retention', '--days', 'week')
  await refused(/keepLast/, '--kind', 'retention', '--days', '7', '--keep', '3')
})
