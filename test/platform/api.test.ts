import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { runTowpath } from '../support/command.ts'
import { type Platform, startPlatform } from '../support/platform.ts'
import { openedSecret } from '../support/secrets.ts'

let platform: Platform
before(async () => {
  platform = await startPlatform({ env: { TOWPATH_REGIONS_0_NODES: '2' } })
})
after(() => platform.stop())

const json = async (answer: Response) => (await answer.json()) as Record<string, unknown>

const towpath = (...args: string[]) => runTowpath(platform, args)

test('the first page is the console where it was built, the way to it where not, and JSON for programs', async () => {
  const page = await fetch(platform.control, { headers: { accept: 'text/html,*/*' } })
  const built = existsSync(fileURLToPath(new URL('../../dist/web/index.html', import.meta.url)))
  assert.equal(page.status, built ? 200 : 503)
  assert.match(await page.text(), built ? /<div id="root">/ : /npm start/)
  assert.equal((await json(await fetch(platform.control))).name, 'towpath')
})

test('only a page’s address is a page: what is neither page nor file is a problem, whatever is asked for', async () => {
  const headers = { accept: 'text/html' }
  for (const path of [
    '/api/v1/nowhere',
    '/assets/../package.json',
    '/assets/%2e%2e/%2e%2e/package.json',
    '/tt',
    '/web',
  ]) {
    const answer = await fetch(platform.control + path, { headers })
    const built = answer.status === 404
    assert.ok(built || answer.status === 503, path)
    assert.doesNotMatch(await answer.text(), /<div id="root">|devDependencies/, path)
  }
})

test('the description names every route, and who is asked to sign in', async () => {
  const document = (await json(await fetch(`${platform.control}/openapi.json`))) as {
    paths: Record<string, Record<string, { security?: unknown[]; summary?: string }>>
  }
  const admin = ['/api/v1/status', '/api/v1/registries', '/api/v1/registries/{name}', '/api/v1/jobs']
  for (const path of [...admin, '/api/v1/admin/passwords/{slot}', '/api/v1/jobs/{region}/{id}/retry']) {
    for (const [method, operation] of Object.entries(document.paths[path] ?? {})) {
      assert.ok(operation.security, `${method} ${path} asks nobody to sign in`)
      assert.ok(operation.summary)
    }
    assert.ok(document.paths[path], `${path} is not described`)
  }
  assert.equal(document.paths['/internal/v1/config'], undefined)
})

test('what is not allowed, not there or not well formed is a problem with a code and a next step', async () => {
  const cases: [path: string, init: RequestInit, status: number, code: string][] = [
    ['/api/v1/status', {}, 401, 'UNAUTHORIZED'],
    ['/internal/v1/config', {}, 401, 'UNAUTHORIZED'],
    [
      '/internal/v1/config',
      { headers: { authorization: `Basic ${btoa(`admin:${platform.adminPassword}`)}` } },
      401,
      'UNAUTHORIZED',
    ],
    ['/nowhere', {}, 404, 'ROUTE_UNKNOWN'],
  ]
  for (const [path, init, status, code] of cases) {
    const answer = await fetch(`${platform.control}${path}`, init)
    assert.equal(answer.status, status, path)
    assert.match(answer.headers.get('content-type') ?? '', /^application\/problem\+json/)
    const problem = await json(answer)
    assert.equal(problem.code, code)
    assert.ok(String(problem.title).length > 0 && String(problem.detail).length > 0)
  }
  const wrong = await platform.api('/api/v1/registries', { method: 'POST', body: { name: 'No Name', extra: 1 } })
  assert.equal(wrong.status, 400)
  assert.match(String((await json(wrong)).title), /name/)
})

test('a region that shows its key hears the configuration, and waits for the next one', async () => {
  const key = await openedSecret(platform.home, 'region-home.key')
  const ask = (wait: number, etag = '') =>
    fetch(`${platform.control}/internal/v1/config?wait=${wait}`, {
      headers: { authorization: `Bearer ${key}`, ...(etag ? { 'if-none-match': etag } : {}) },
    })
  const first = await ask(0)
  const etag = first.headers.get('etag') ?? ''
  const document = await first.text()
  assert.ok(document.includes('reg_default'))
  assert.ok(!document.includes(platform.adminPassword))
  assert.equal((await ask(0, etag)).status, 304)
  const waiting = ask(20, etag)
  const made = await platform.api('/api/v1/registries', {
    method: 'POST',
    body: { name: 'waited', hosts: ['waited.example'] },
  })
  assert.equal(made.status, 201)
  const second = await waiting
  assert.equal(second.status, 200)
  assert.notEqual(second.headers.get('etag'), etag)
  assert.ok((await second.text()).includes('waited.example'))
})

test('the command line makes, changes, lists and deletes registries, and a region follows', async () => {
  const made = await towpath('registry', 'create', 'team', '--host', 'Team.example:5000', '--output', 'json')
  assert.equal(made.code, 0, made.stderr)
  assert.deepEqual((JSON.parse(made.stdout) as { hosts: string[] }).hosts, ['team.example:5000'])
  assert.equal((await towpath('registry', 'create', 'team')).code, 5)
  const wrong = await towpath('registry', 'create', 'never', '--query', '[].name id')
  assert.equal(wrong.code, 2)
  assert.match(wrong.stderr, /at character 9\n\[\]\.name id\n {8}\^\n/)
  assert.equal((await towpath('registry', 'list', '--query', "[?name=='never']", '-o', 'json')).stdout, '[]\n')
  const shown = await towpath('registry', 'show', '-n', 'team', '--query', 'hosts[0]', '-o', 'tsv')
  assert.equal(shown.stdout, 'team.example:5000\n')
  assert.equal((await towpath('registry', 'show')).code, 2)
  const host = platform.registry.replace('127.0.0.1', 'localhost')
  const changed = await towpath('registry', 'update', 'team', '--anonymous-pull', '--add-host', host, '-o', 'tsv')
  assert.match(changed.stdout, /^team\tlocalhost:\d+, team\.example:5000\tyes\treg_/)

  // A pull of nothing is 404 where nobody needs to sign in, 401 elsewhere.
  const pull = (at = host) => fetch(`http://${at}/v2/x/manifests/y`)
  for (let tries = 0; tries < 100 && (await pull()).status !== 404; tries++)
    await new Promise(done => setTimeout(done, 50))
  assert.equal((await pull()).status, 404)
  assert.equal((await pull(platform.registry)).status, 401)

  assert.equal((await towpath('registry', 'delete', 'team')).code, 2)
  assert.equal((await towpath('registry', 'delete', 'team', '--yes')).code, 0)
  assert.equal((await towpath('registry', 'delete', 'team', '--yes')).code, 4)
  const table = await towpath('registry', 'list')
  assert.match(table.stdout, /^NAME {2,}HOSTS.*\ndefault +\(all others\) +no/)
})

test('status, jobs and metrics see every process', async () => {
  const status = await towpath('status', '--output', 'yaml')
  for (const name of ['writer home', 'control', 'region home 0', 'region home 1'])
    assert.ok(status.stdout.includes(name))
  const pending = await towpath('jobs', 'list', '--state', 'pending', '-o', 'json')
  assert.ok((JSON.parse(pending.stdout) as { kind: string }[]).some(job => job.kind === 'registry.collect'))
  assert.equal((await towpath('jobs', 'retry', 'home', 'job_nowhere')).code, 4)
  const metrics = await (await fetch(`${platform.control}/metrics`)).text()
  for (const node of ['control', 'home-0', 'home-1']) {
    assert.match(metrics, new RegExp(`process_resident_memory_bytes\\{node="${node}"\\} \\d`))
  }
  assert.equal(metrics.match(/^# TYPE process_resident_memory_bytes gauge$/gm)?.length, 1)
})

test('each password is rotated alone, and the old one is refused at the next request', async () => {
  const second = await towpath('admin', 'rotate', '2', '-o', 'json')
  const { password } = JSON.parse(second.stdout) as { password: string }
  const status = async (secret: string) =>
    (
      await fetch(`${platform.control}/api/v1/status`, {
        headers: { authorization: `Basic ${btoa(`admin:${secret}`)}` },
      })
    ).status
  assert.equal(await status(password), 200)
  assert.equal(await status(platform.adminPassword), 200)
  await towpath('admin', 'rotate', '2')
  assert.equal(await status(password), 401)
  assert.equal(await status(platform.adminPassword), 200)
})

test('usage errors, help and what nobody answers have exit codes of their own', async () => {
  const typo = await towpath('registyr')
  assert.equal(typo.code, 2)
  assert.match(typo.stderr, /Did you mean registry/)
  const help = await towpath('--help')
  assert.equal(help.code, 0)
  assert.match(help.stdout, /Examples:/)
  assert.equal((await towpath('status', '--server', 'http://127.0.0.1:9')).code, 6)
})
