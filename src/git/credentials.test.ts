import assert from 'node:assert/strict'
import { execFileSync, spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { systemClock } from '../kernel/index.ts'
import { fetchMirror } from './fetch-mirror.ts'
import { tempDir, testRepository } from './repository.fixture.ts'

const clock = systemClock('test')
const ADA = `Basic ${Buffer.from('ada:of-the-helper').toString('base64')}`

/** Git's own server behind a password. */
async function guarded(t: TestContext, dir: string): Promise<string> {
  const backend = join(execFileSync('git', ['--exec-path'], { encoding: 'utf8' }).trim(), 'git-http-backend')
  const server = createServer((request, answer) => {
    if (request.headers.authorization !== ADA) {
      answer.writeHead(401, { 'www-authenticate': 'Basic realm="golden"' }).end()
      return
    }
    const { pathname, search } = new URL(request.url ?? '', 'http://localhost')
    const child = spawn(backend, {
      env: {
        ...{ PATH: process.env.PATH, GIT_PROJECT_ROOT: dir, GIT_HTTP_EXPORT_ALL: '1', PATH_INFO: pathname },
        ...{ QUERY_STRING: search.slice(1), REQUEST_METHOD: request.method, REMOTE_USER: 'ada' },
        ...{
          CONTENT_TYPE: request.headers['content-type'],
          HTTP_CONTENT_ENCODING: request.headers['content-encoding'],
        },
        GIT_PROTOCOL: String(request.headers['git-protocol'] ?? ''),
      },
    })
    request.pipe(child.stdin)
    // Its head comes as CGI has it, and Node is given the rest as it is.
    const chunks: Buffer[] = []
    child.stdout.on('data', chunk => chunks.push(chunk))
    child.once('close', () => {
      const said = Buffer.concat(chunks)
      const end = said.indexOf('\r\n\r\n')
      for (const line of said.subarray(0, end).toString().split('\r\n')) {
        const [name = '', value = ''] = line.split(': ')
        if (name !== 'Status') answer.setHeader(name, value)
        else answer.statusCode = Number.parseInt(value, 10)
      }
      answer.end(said.subarray(end + 4))
    })
  })
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done))
  t.after(() => server.close())
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/.git`
}

/** What the user's own configuration would be. */
function configure(t: TestContext, text: string): void {
  const path = join(tempDir(t), 'gitconfig')
  writeFileSync(path, text)
  const before = { ...process.env }
  t.after(() => {
    process.env = before
  })
  process.env.GIT_CONFIG_GLOBAL = path
  // An editor's terminal has one, which would ask in a window.
  for (const name of ['GIT_ASKPASS', 'SSH_ASKPASS']) delete process.env[name]
}

test('the credential helper of the user is asked', async t => {
  const repository = testRepository(t, { 'a.ts': 'one\n' })
  const source = await guarded(t, repository.dir)
  configure(t, '[credential]\n  helper = "!f() { echo username=ada; echo password=of-the-helper; }; f"\n')
  const commit = await fetchMirror({ source, dir: join(tempDir(t), 'm.git'), clock })
  assert.equal(commit, repository.git('rev-parse', 'HEAD').trim())
})

test('without one, nobody is asked at a terminal: it fails at once and says what to do', async t => {
  const source = await guarded(t, testRepository(t, { 'a.ts': 'one\n' }).dir)
  configure(t, '')
  await assert.rejects(fetchMirror({ source, dir: join(tempDir(t), 'm.git'), clock }), (error: Error) => {
    assert.match(error.message, /terminal prompts disabled|could not read Username/)
    assert.match(JSON.stringify(error), /credential helper/)
    return true
  })
})
