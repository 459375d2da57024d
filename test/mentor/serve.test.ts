import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { type TestContext, test } from 'node:test'
import type { ClientCapabilities, Diagnostic } from 'vscode-languageserver/node'
import { allowConfigs } from '../../src/mentor/index.ts'
import { PROGRAM } from '../support/platform.ts'
import { startEditor } from './editor.ts'
import { CONFIG, goldenTeam, setUpWork } from './work.ts'

const CAPABILITIES: ClientCapabilities = {
  textDocument: { publishDiagnostics: { relatedInformation: true } },
  window: { workDoneProgress: true },
}

const SWALLOWS = `export async function loadCart(id: string): Promise<void> {
  try {
    await store.read(id)
  } catch {}
}
`

/** The golden team as repositories on disk, and a shop whose archangel.json names them by path. */
function setUp(t: TestContext) {
  const work = setUpWork(t, { ...CONFIG, repositories: ['../team/orders', '../team/billing'] })
  const base = dirname(work.folder)
  for (const [name, [latest]] of Object.entries(goldenTeam())) {
    const dir = join(base, name)
    for (const [path, text] of Object.entries(latest?.files ?? {})) {
      mkdirSync(dirname(join(dir, path)), { recursive: true })
      writeFileSync(join(dir, path), text)
    }
    commitAll(dir)
  }
  const start = () =>
    startEditor(t, { program: [PROGRAM, 'mentor'], folder: work.folder, capabilities: CAPABILITIES, env: work.env })
  return { work, base, start }
}

function commitAll(dir: string): void {
  const git = (...args: string[]) =>
    execFileSync(
      'git',
      ['-c', 'user.name=Priya', '-c', 'user.email=priya@example.test', '-c', 'commit.gpgsign=false', ...args],
      { cwd: dir, stdio: 'pipe' },
    )
  git('init', '--quiet', '--initial-branch=main')
  git('add', '.')
  git('commit', '--quiet', '--message=Golden')
}

const errors = (all: readonly Diagnostic[]) => all.filter(({ code }) => String(code).startsWith('errors/'))

type Indexed = { repositories: { repository: string; parsed: number; trouble?: object }[] }

test('from nothing to a hint: index by a command, with progress; then every change finds what it changes', async t => {
  const { work, base, start } = setUp(t)
  const editor = await start()
  const missing: { message: string } = await editor.heard('window/showMessage')
  assert.match(missing.message, /^Not indexed yet: .*local\/orders.* Run "towpath\.mentor\.index"/)
  const uri = await editor.open(work.file('src/cart.ts'), SWALLOWS)
  assert.deepEqual(await editor.diagnostics(uri, () => true), [])

  const [indexed, hints] = await Promise.all([
    editor.command<Indexed>('index'),
    editor.diagnostics(uri, all => errors(all).length > 0),
  ])
  assert.deepEqual(
    indexed.repositories.map(({ parsed, trouble }) => [parsed, trouble]),
    [
      [5, undefined],
      [5, undefined],
    ],
  )
  await editor.heard('window/workDoneProgress/create')
  await editor.heard('towpathMentor/indexProgress', ({ phase }: { phase: string }) => phase === 'indexing')
  assert.match(JSON.stringify(hints), /local\/(orders|billing)@[0-9a-f]{12}:src/)
  const [place] = errors(hints)[0]?.relatedInformation ?? []
  assert.ok(place)

  // A golden repository that changes its mind is asked again: what was cited is gone from it.
  const file = join(base, 'team/orders/src/read-order.ts')
  writeFileSync(file, SWALLOWS)
  commitAll(join(base, 'team/orders'))
  const again = await editor.command<Indexed>('refresh')
  assert.deepEqual(again.repositories.map(({ parsed }) => parsed).sort(), [0, 1])
  assert.equal(await editor.stop(), 0)
})

test('a server that is killed, while it indexes too, starts clean and goes on', async t => {
  const { work, start } = setUp(t)
  const first = await start()
  const lost = assert.rejects(first.command('index'))
  await first.heard('towpathMentor/indexProgress')
  first.server.kill('SIGKILL')
  await once(first.server, 'exit')
  first.connection.dispose()
  await lost.catch(() => undefined)

  const second = await start()
  const uri = await second.open(work.file('src/cart.ts'), SWALLOWS)
  await second.command('index')
  assert.equal(errors(await second.diagnostics(uri, all => errors(all).length > 0)).length, 1)
  const status = await second.command<{ repositories: { files: number }[]; trouble?: object }>('status')
  assert.deepEqual([status.repositories.map(({ files }) => files), status.trouble], [[5, 5], undefined])

  await second.command('wipe')
  assert.deepEqual(errors(await second.diagnostics(uri, all => errors(all).length === 0)), [])
  assert.equal(await second.stop(), 0)
})

test('my changes are reviewed, and the documents made, while the editor goes on', async t => {
  const { work, start } = setUp(t)
  const editor = await start()
  await editor.command('index')
  const file = work.write('src/cart.ts', SWALLOWS)
  const uri = await editor.open(file, SWALLOWS)
  const review = await editor.command<{ uri: string; markdown: string; remarks: { path: string }[] }>('review')
  assert.deepEqual(
    review.remarks.map(({ path }) => path),
    ['src/cart.ts'],
  )
  assert.match(review.markdown, /^# Review of your changes[\s\S]*As in `local\/(orders|billing)@[0-9a-f]{12}:src/)
  assert.equal(readFileSync(new URL(review.uri), 'utf8'), review.markdown)

  const making = editor.connection.sendRequest<{ markdown: string }>('towpathMentor/documents', { kind: 'codeStyle' })
  await editor.connection.sendRequest('textDocument/hover', {
    textDocument: { uri },
    position: { line: 0, character: 25 },
  })
  assert.match((await making).markdown, /errors\/catch-empty/)
  await editor.heard('towpathMentor/documentReady', ({ kind }: { kind: string }) => kind === 'codeStyle')
  assert.match((await editor.command<{ markdown: string }>('wiki')).markdown, /local\/orders/)
  await assert.rejects(editor.connection.sendRequest('towpathMentor/documents', { kind: 'poem' }), /do not fit/)
  assert.equal(await editor.stop(), 0)
})

test('a review is whole where the model can say nothing of it, and says why', async t => {
  const { work, start } = setUp(t)
  const model = { kind: 'openai', url: 'https://models.example.test', model: 'small', key: 'env:NO_SUCH_KEY' }
  work.write(
    'archangel.json',
    JSON.stringify({ ...CONFIG, repositories: ['../team/orders', '../team/billing'], model }),
  )
  await allowConfigs({ folder: work.folder, state: work.env.TOWPATH_MENTOR_STATE ?? '' })
  const editor = await start()
  await editor.command('index')
  work.write('src/cart.ts', SWALLOWS)
  type Reviewed = { markdown: string; remarks: { path: string }[]; notes: string[] }
  const review = await editor.command<Reviewed>('review')
  assert.equal(review.remarks.length, 1)
  assert.match(review.markdown, /^# Review of your changes/)
  assert.match(review.notes.join(), /^Without the model’s words: The secret env:NO_SUCH_KEY is not set/)
  assert.equal(await editor.stop(), 0)
})

test('an editor that dies takes its server with it', async t => {
  const { start } = setUp(t)
  const editor = await start()
  const ended = once(editor.server, 'exit')
  editor.server.stdin?.end()
  await ended
})
