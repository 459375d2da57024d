import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import { runTowpath, towpathDone } from '../support/command.ts'
import { pusher } from '../support/content.ts'
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

test('a preview says what goes, and the policy then takes that and no more; immutable tags stay', async () => {
  const { image, index } = pusher(platform)
  const child = await image('builds/app', '', { config: { n: 'child' } })
  await index('builds/app', 'pr-old', [child])
  for (const tag of ['v1', 'pr-1', 'pr-2', 'pr-3']) await image('builds/app', tag, { config: { tag } })
  await image('other/app', 'pr-1')
  const rule = ['--repositories', 'builds/*', '--tags', 'pr-*', 'v*', '--keep', '2', '--untagged']
  await done('create', 'immutable-builds', '--kind', 'immutable', '--repositories', 'builds/*', '--tags', 'v*')
  const would = await policy('preview', '--kind', 'tags', ...rule, '--all')
  assert.equal(would.code, 0, would.stderr)
  assert.match(would.stdout, /^builds\/app +tag +pr-old +\S+ +goes: no rule keeps it$/m)
  assert.match(would.stdout, /^builds\/app +tag +pr-3 +\S+ +stays: it is among the newest$/m)
  assert.match(would.stdout, /^builds\/app +tag +v1 +\S+ +stays: it is immutable$/m)
  assert.match(would.stderr, /tags: 2 would be deleted, 3 would stay; manifests: 3 would be deleted/)
  await done('create', 'few', '--kind', 'tags', ...rule)
  await done('preview', 'few')
  const tags = async (repository: string) => {
    const authorization = `Basic ${btoa(`admin:${platform.adminPassword}`)}`
    const answer = await fetch(`http://${platform.registry}/v2/${repository}/tags/list`, { headers: { authorization } })
    return ((await answer.json()) as { tags: string[] }).tags
  }
  while ((await tags('builds/app')).length > 3) await setTimeout(200)
  assert.deepEqual(await tags('builds/app'), ['pr-2', 'pr-3', 'v1'])
  assert.deepEqual(await tags('other/app'), ['pr-1'])
  const audit = await towpathDone(platform, ['audit', 'query', '--region', 'home', '-o', 'json'])
  const { records } = JSON.parse(audit) as { records: { actor: { kind: string }; detail: { because?: string } }[] }
  assert.ok(records.some(one => one.actor.kind === 'policy' && one.detail.because === 'few'))
  await assert.rejects(image('builds/app', 'v1', { config: { n: 'other' } }))
})

test('a purge by the words of acr purge: a dry run, then the same for real', async () => {
  const { image } = pusher(platform)
  for (const tag of ['pr-1', 'pr-2', 'april', 'main']) await image('purged/app', tag, { config: { tag } })
  const purge = (...args: string[]) => runTowpath(platform, ['repository', 'purge', '--filter', ...args])
  const words = ['purged/.*:^pr-', '--ago', '0d', '--keep', '1', '--untagged']
  const dry = await purge(...words, '--dry-run', '-o', 'json')
  const would = JSON.parse(dry.stdout) as { items: { name: string; goes: boolean }[] }
  assert.deepEqual(
    would.items.map(item => [item.name.replace(/^sha256:.*/, 'manifest'), item.goes]),
    [
      ['pr-2', false],
      ['pr-1', true],
      ['manifest', true],
    ],
  )
  const ran = await purge(...words)
  assert.match(ran.stderr, /tags: 1 were deleted, 1 stayed; manifests: 1 were deleted/)
  const pattern = await purge('purged/app:pr-*', '--ago', '0d')
  assert.deepEqual([pattern.code === 0, /for any text write "-\.\*"/.test(pattern.stderr)], [false, true])
  const nothing = await purge(...words)
  assert.match(nothing.stderr, /Nothing was deleted/)
})
