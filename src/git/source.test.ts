import assert from 'node:assert/strict'
import { test } from 'node:test'
import { checkRef, checkSource } from './source.ts'

const GOOD = [
  'https://github.com/honojs/hono',
  'https://user@dev.azure.com/org/project/_git/repo',
  'ssh://git@host.example:2222/team/repo.git',
  'git@github.com:honojs/hono.git',
  'host.example:repo',
  'file:///srv/golden/repo.git',
  '/srv/golden/repo',
  'http://127.0.0.1:8080/repo.git',
]

const BAD = [
  '',
  '-u./payload',
  '--upload-pack=touch /tmp/x',
  'ext::sh -c touch% /tmp/x',
  'fd::17',
  'transport-helper::https://host/x',
  'http://host.example/repo.git',
  'git://host.example/repo.git',
  'ftp://host.example/repo.git',
  'https://user:secret@host.example/repo',
  'ssh://-oProxyCommand=touch/x',
  'ssh://-oProxyCommand=x@host/x',
  'ssh://host/-x',
  '-oProxyCommand=touch:x',
  'user@-oProxyCommand=touch:x',
  'host:-x',
  'file://other-host/srv/repo',
  'relative/path',
  'honojs/hono',
  'https://host.example/a\nb',
  'https://',
  `https://host.example/${'x'.repeat(3_000)}`,
]

for (const source of GOOD) test(`${source} is a source`, () => checkSource(source))

for (const source of BAD) {
  test(`${JSON.stringify(source.slice(0, 60))} is no source`, () =>
    assert.throws(() => checkSource(source), { code: 'GIT_SOURCE_REFUSED' }))
}

test('a refused source is told without its password', () => {
  assert.throws(
    () => checkSource('https://user:hunter22@host.example/x'),
    (error: Error) => !/hunter22/.test(error.message),
  )
})

test('refs are those that git allows', () => {
  for (const ref of ['main', 'release/1.x', 'refs/tags/v1.0.0', 'a'.repeat(40)]) checkRef(ref)
  for (const ref of [
    '',
    '-x',
    '--all',
    'a..b',
    'a:b',
    'a b',
    'a\nb',
    '@',
    '@{-1}',
    'a.lock',
    '/a',
    'a/',
    'a^',
    'a~1',
    '*',
  ]) {
    assert.throws(() => checkRef(ref), { code: 'GIT_REF_REFUSED' }, ref)
  }
})
