import assert from 'node:assert/strict'
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { credentialsFromFiles } from './auth-files.ts'

const auth = (text: string) => Buffer.from(text).toString('base64')

test('credentials of docker and podman are found, the nearest file first', async t => {
  const home = await mkdtemp(join(tmpdir(), 'towpath-test-'))
  t.after(() => rm(home, { recursive: true }))
  await mkdir(join(home, '.docker'))
  await mkdir(join(home, 'run/containers'), { recursive: true })
  const docker = {
    auths: {
      'a.example': { auth: auth('docker:one:two') },
      'https://index.docker.io/v1/': { auth: auth('hub:pw') },
      'token.example': { auth: auth('x:y'), identitytoken: 'refresh' },
      'store.example:5000': {},
    },
    credsStore: 'test',
    credHelpers: { 'none.example': 'test' },
  }
  await writeFile(join(home, '.docker/config.json'), JSON.stringify(docker))
  await writeFile(
    join(home, 'run/containers/auth.json'),
    JSON.stringify({ auths: { 'b.example': { auth: auth('podman:pw') } } }),
  )
  const helper =
    '#!/bin/sh\nread host\ncase $host in store*) echo "{\\"Username\\":\\"s\\",\\"Secret\\":\\"t\\"}";; *) echo credentials not found; exit 1;; esac\n'
  await writeFile(join(home, 'docker-credential-test'), helper)
  await chmod(join(home, 'docker-credential-test'), 0o755)
  const path = process.env.PATH
  process.env.PATH = `${home}:${path}`
  t.after(() => {
    process.env.PATH = path
  })
  const env = { HOME: home, XDG_RUNTIME_DIR: join(home, 'run') }
  const found = (host: string, more = {}) => credentialsFromFiles(host, { ...env, ...more })
  assert.deepEqual(await found('a.example'), { username: 'docker', password: 'one:two' })
  assert.deepEqual(await found('b.example'), { username: 'podman', password: 'pw' })
  assert.deepEqual(await found('docker.io'), { username: 'hub', password: 'pw' })
  assert.deepEqual(await found('token.example'), { identityToken: 'refresh' })
  assert.deepEqual(await found('store.example:5000'), { username: 's', password: 't' })
  assert.equal(await found('none.example'), undefined)
  assert.equal(await found('a.example:5000'), undefined)
  const own = join(home, 'own.json')
  await writeFile(own, JSON.stringify({ auths: { 'a.example': { auth: auth('own:pw') } } }))
  assert.deepEqual(await found('a.example', { REGISTRY_AUTH_FILE: own }), { username: 'own', password: 'pw' })
  await writeFile(own, '{')
  await assert.rejects(found('a.example', { REGISTRY_AUTH_FILE: own }), { code: 'CLI_AUTH_FILE' })
})
