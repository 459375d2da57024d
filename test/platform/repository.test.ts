import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { parse } from 'yaml'
import { runTowpath, towpathDone } from '../support/command.ts'
import { type Platform, startPlatform } from '../support/platform.ts'

let platform: Platform
let dir: string

before(async () => {
  platform = await startPlatform()
  dir = mkdtempSync(join(tmpdir(), 'towpath-repository-'))
  for (const [file, tags] of [
    ['one', ['v1', 'same']],
    ['two', ['v2']],
  ] as const) {
    writeFileSync(join(dir, file), file)
    for (const tag of tags) {
      await towpathDone(platform, ['oci', 'push', join(dir, file), `${platform.registry}/team/app:${tag}`])
    }
  }
  await towpathDone(platform, ['oci', 'push', join(dir, 'one'), `${platform.registry}/team/web:v1`])
})
after(async () => {
  await platform?.stop()
  if (dir) rmSync(dir, { recursive: true, force: true })
})

const env = () => ({ TOWPATH_REGISTRY: platform.registry })
const repository = (...args: string[]) => towpathDone(platform, ['repository', ...args], { env: env() })
const refused = (...args: string[]) => runTowpath(platform, ['repository', ...args], { env: env() })
const json = async (...args: string[]) => JSON.parse(await repository(...args, '-o', 'json'))

test('lists and shows with the words of az, as table, JSON, YAML and TSV', async () => {
  assert.equal(await repository('list'), 'RESULT\nteam/app\nteam/web\n')
  assert.deepEqual(await json('list', '--top', '1'), ['team/app'])
  assert.deepEqual(parse(await repository('show-tags', '--repository', 'team/app', '-o', 'yaml')), ['same', 'v1', 'v2'])
  assert.deepEqual(await json('show-tags', '--repository', 'team/app', '--orderby', 'time_desc', '--top', '1'), ['v2'])
  const shown = await json('show', '--repository', 'team/app')
  assert.deepEqual([shown.imageName, shown.manifestCount, shown.tagCount], ['team/app', 2, 3])
  const tag = await json('show', '--image', 'team/app:v1')
  const [first] = await json('list-manifests', '--repository', 'team/app', '--orderby', 'time_asc')
  assert.deepEqual([first.digest, first.tags], [tag.digest, ['same', 'v1']])
  const manifest = await json('show', '--image', `team/app@${tag.digest}`)
  assert.deepEqual(manifest.tags, ['same', 'v1'])
  const lines = await repository('show-tags', '--repository', 'team/app', '--detail', '-o', 'tsv')
  assert.deepEqual(lines.split('\t').slice(0, 2), ['same', tag.digest])
  const query = `[?digest=='${tag.digest}']`
  const asked = ['show-tags', '--repository', 'team/app', '--detail', '--query']
  assert.equal(await repository(...asked, `${query}.name`, '-o', 'tsv'), 'same\nv1\n')
  assert.match(await repository(...asked, `${query}.{tag: name, digest: digest}`), /^Tag +Digest\nsame +sha256:/)
  assert.match(
    await repository('list-manifests', '--repository', 'team/app'),
    /^DIGEST +TAGS +SIZE +PLATFORM +MEDIA TYPE/,
  )
})

test('locks and unlocks; what is locked is refused with the way to unlock it', async () => {
  const locked = await json('update', '--image', 'team/app:v1', '--write-enabled', 'false', '--delete-enabled=false')
  assert.deepEqual(locked.changeableAttributes, {
    ...{ deleteEnabled: false, writeEnabled: false, readEnabled: true, listEnabled: true },
  })
  assert.match(await repository('show', '--image', 'team/app:v1'), /delete write\n$/)
  for (const args of [
    ['untag', '--image', 'team/app:v1'],
    ['delete', '--image', 'team/app:same', '--yes'],
    ['delete', '--repository', 'team/app', '--yes'],
  ]) {
    const { code, stdout, stderr } = await refused(...args)
    assert.deepEqual([code > 0, stdout], [true, ''], args.join(' '))
    assert.match(stderr, /REGISTRY_DISALLOWED_OPERATION: Tag v1 of repository team\/app is locked/)
    assert.match(stderr, /towpath repository update/)
  }
  await repository('update', '--image', 'team/app:v1', '--write-enabled', 'true', '--delete-enabled', 'true')
  await repository('update', '--repository', 'team/web', '--list-enabled', 'false')
  assert.deepEqual(await json('list'), ['team/app'])
  await repository('update', '--repository', 'team/web', '--list-enabled', 'true')
})

test('what makes no sense is refused before anything is asked', async () => {
  for (const args of [
    ['show'],
    ['show', '--repository', 'team/app', '--image', 'team/app:v1'],
    ['show', '--image', 'team/app'],
    ['show', '--image', 'Team/App:v1'],
    ['update', '--repository', 'team/app'],
    ['update', '--repository', 'team/app', '--write-enabled', 'no'],
    ['delete', '--repository', 'team/app'],
    ['untag', '--image', `team/app@sha256:${'0'.repeat(64)}`],
    ['list', '--top', '0'],
    ['show-tags', '--repository', '../../v2', '--orderby', 'time_asc'],
    ['list', '-n', 'no host'],
  ]) {
    const { code, stdout, stderr } = await refused(...args)
    assert.deepEqual([code, stdout], [2, ''], `${args.join(' ')}: ${stderr}`)
  }
  const stranger = await runTowpath(platform, ['repository', 'list'], {
    env: { ...env(), TOWPATH_PASSWORD: 'wrong wrong' },
  })
  assert.deepEqual([stranger.code > 2, stranger.stdout], [true, ''])
})

test('untags one tag, deletes a manifest with all of its tags, and a repository whole', async () => {
  await repository('untag', '--image', 'team/app:v2')
  assert.deepEqual(await json('show-tags', '--repository', 'team/app'), ['same', 'v1'])
  assert.equal((await json('list-manifests', '--repository', 'team/app')).length, 2)
  const { digest } = await json('show', '--image', 'team/app:v1')
  const gone = await json('delete', '--image', 'team/app:v1', '--yes')
  assert.deepEqual(gone, { manifestsDeleted: [digest], tagsDeleted: ['same', 'v1'] })
  const rest = await json('delete', '--repository', 'team/app', '-y')
  assert.deepEqual([rest.manifestsDeleted.length, rest.tagsDeleted], [1, []])
  assert.deepEqual(await json('list'), ['team/web'])
  const none = await refused('show', '--repository', 'team/app')
  assert.deepEqual([none.code > 2, none.stdout], [true, ''])
})
