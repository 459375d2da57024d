import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, test } from 'node:test'
import { createPrivacy } from './create-privacy.ts'
import { secretFile } from './secret-files.ts'
import { showOutgoing } from './show-outgoing.ts'

const base = mkdtempSync(join(tmpdir(), 'towpath-mentor-privacy-'))
after(() => rmSync(base, { recursive: true, force: true }))
const root = join(base, 'project')
for (const path of [
  'src/a.ts',
  '.env',
  'private/notes.md',
  '.config/private/b.md',
  '../elsewhere/id_rsa',
  'out/a.js',
]) {
  mkdirSync(dirname(join(root, path)), { recursive: true })
  writeFileSync(join(root, path), 'text')
}
symlinkSync('../../elsewhere/id_rsa', join(root, 'src/notes.txt'))
symlinkSync('../.env', join(root, 'src/settings.ts'))
symlinkSync('project', join(base, 'link'))

const privacy = createPrivacy({
  root,
  never: [{ folder: root, glob: 'private' }],
  isIgnored: async path => path.startsWith('out/'),
})
const withheld = (path: string) => privacy.withheld(join(root, path))

test('what leaves, and why the rest does not', async () => {
  assert.equal(await withheld('src/a.ts'), undefined)
  assert.equal(await withheld('src/not-saved-yet.ts'), undefined)
  assert.equal(await withheld('.env'), 'is an environment file')
  assert.equal(await withheld('private/notes.md'), 'is named by privacy.never')
  assert.equal(await withheld('.config/private/b.md'), 'is named by privacy.never')
  assert.equal(await withheld('out/a.js'), 'is ignored by git')
  assert.equal(await withheld('../elsewhere/id_rsa'), 'lies outside the work tree')
  assert.equal(await privacy.withheld('/etc/passwd'), 'lies outside the work tree')
})

test('a link does not make a secret harmless, and a tree that is reached by one is the tree', async () => {
  assert.equal(await withheld('src/notes.txt'), 'lies outside the work tree')
  assert.equal(await withheld('src/settings.ts'), 'is an environment file')
  assert.equal(await privacy.withheld(join(base, 'link/src/a.ts')), undefined)
  const byLink = createPrivacy({ root: join(base, 'link'), never: [], isIgnored: async path => path === 'out/a.js' })
  assert.equal(await byLink.withheld(join(base, 'link/src/a.ts')), undefined)
  assert.equal(await byLink.withheld(join(base, 'link/out/a.js')), 'is ignored by git')
})

test('files by name, whatever their capitals', () => {
  const keys = [
    'a/server.PEM',
    'id_rsa',
    'x/.ssh/config',
    '.npmrc',
    'k8s/kubeconfig',
    'a/terraform.tfstate',
    'gcp/service-account-prod.json',
    'config/secrets.yml',
    'home/.docker/config.json',
  ]
  for (const path of keys) assert.equal(secretFile(path), 'is a key or credential file', path)
  for (const path of ['.env', 'a/.env.local', '.ENV.Production', 'prod.env'])
    assert.equal(secretFile(path), 'is an environment file', path)
  for (const path of ['src/key.ts', 'src/secrets/read.ts', 'src/environment.ts', 'docs/keys.md', 'docker/config.json'])
    assert.equal(secretFile(path), undefined, path)
})

test('a piece is cleared of secrets, or withheld whole', async () => {
  const text = 'const password = "hunter2x"'
  assert.deepEqual(await privacy.clear({ path: join(root, '.env'), text }), { withheld: 'is an environment file' })
  const typed = await privacy.clear({ text })
  assert.deepEqual('redacted' in typed && typed.redacted, [{ kind: 'a text that its name calls a secret', line: 1 }])
  assert.doesNotMatch('text' in typed ? typed.text : '', /hunter2x/)
})

test('what would be sent is shown word for word', () => {
  const shown = showOutgoing({
    url: 'https://gateway.example.org/v1',
    model: 'm',
    system: 'You are a mentor.',
    messages: [{ role: 'user', content: 'why?\n' }],
    files: [
      { path: '.env', withheld: 'is an environment file' },
      { path: 'a.ts', redacted: [{ kind: 'an AWS key', line: 3 }] },
      { path: 'b.ts' },
    ],
  })
  assert.equal(
    shown,
    `Would be sent to https://gateway.example.org/v1, model m:
  .env is left out: it is an environment file
  a.ts:3 an AWS key is taken out
--- system
You are a mentor.
--- user
why?

--- end`,
  )
})
