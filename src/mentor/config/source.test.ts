import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { distinctName, readSource } from './source.ts'

const read = (text: string, host?: string) => readSource(text, { folder: '/work/project', host })

function source(text: string, host?: string) {
  const found = read(text, host)
  assert.ok('name' in found, JSON.stringify(found))
  return found
}

function fault(text: string, host?: string) {
  const found = read(text, host)
  assert.ok('says' in found, `${text} was taken`)
  return `${found.says}. ${found.fix}`
}

test('one repository in its spellings', () => {
  const spellings = [
    'owner/name',
    'https://github.com/owner/name',
    'https://github.com/owner/name.git',
    'https://GitHub.com/Owner/Name/',
    'git@github.com:owner/name.git',
    'ssh://git@github.com/owner/name',
  ]
  for (const text of spellings) assert.equal(source(text).same, 'github.com/owner/name', text)
  assert.deepEqual(source('owner/name'), {
    name: 'owner/name',
    source: 'https://github.com/owner/name',
    same: 'github.com/owner/name',
  })
  assert.equal(source('git@github.com:owner/name.git').source, 'ssh://git@github.com/owner/name.git')
})

test('another host, by setting or by URL', () => {
  assert.equal(source('team/service', 'https://git.example.org/').source, 'https://git.example.org/team/service')
  assert.equal(source('group/sub/service', 'https://git.example.org').name, 'git.example.org/group/sub/service')
  assert.equal(source('https://git.example.org:8443/a/b').same, 'git.example.org:8443/a/b')
})

test('paths go from the folder of their file', () => {
  assert.deepEqual(source('../golden'), { name: 'local/golden', source: '/work/golden', same: '/work/golden' })
  assert.equal(source('/srv/git/house.git').name, 'local/house')
  assert.equal(source('file:///srv/git/house').source, '/srv/git/house')
  assert.equal(source('..').source, '/work')
})

test('what would run a program, be an option or carry a secret is refused', () => {
  for (const text of [
    'ext::sh -c id',
    'ssh://-oProxyCommand=id/x',
    '-oProxyCommand=id:x/y',
    'ssh://-x@host/a/b',
    'http://host/a/b',
    'git://host/a',
    'fd::3',
  ]) {
    assert.match(fault(text), /is no repository/, text)
  }
  assert.doesNotMatch(fault('https://me:hunter2@github.com/a/b'), /hunter2/)
  assert.match(fault('https://me:hunter2@github.com/a/b'), /credential helper/)
})

test('pages, branches and half names say what was meant', () => {
  assert.match(fault('https://github.com/owner/name/tree/main'), /page.*"ref"/)
  assert.match(fault('https://host/a/b#main'), /"ref"/)
  assert.match(fault('owner/name/src'), /"include"/)
  assert.match(fault('owner/..'), /\.\//)
  assert.match(fault('name'), /owner\/name/)
  assert.match(fault('https://host/'), /names a host/)
})

test('whatever is taken is a URL of a known kind or an absolute path', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.webUrl(),
        fc.string().map(text => `ssh://${text}`),
        fc.string().map(text => `a@${text}:b`),
      ),
      text => {
        const found = read(text)
        if (!('name' in found)) return
        assert.match(found.source, /^(https:\/\/|ssh:\/\/|\/)/)
        assert.doesNotMatch(found.source, /^\w+:\/\/-/)
        assert.match(found.name, /^[\w./-]+$/)
      },
    ),
  )
})

test('names that two have are told apart', () => {
  assert.match(distinctName('local/golden', '/a/golden'), /^local\/golden-[0-9a-f]{6}$/)
  assert.notEqual(distinctName('local/golden', '/a/golden'), distinctName('local/golden', '/b/golden'))
})
