import assert from 'node:assert/strict'
import { readFileSync, statSync } from 'node:fs'
import { type TestContext, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import type { ClientCapabilities, CodeAction, Diagnostic, WorkspaceEdit } from 'vscode-languageserver/node'
import { startEditor } from './editor.ts'
import { CONFIG, setUpWork } from './work.ts'

const SERVER = fileURLToPath(new URL('../../src/mentor/server/memory-server.fixture.ts', import.meta.url))
const PUSH: ClientCapabilities = {
  textDocument: {
    publishDiagnostics: { relatedInformation: true, codeDescriptionSupport: true, dataSupport: true },
    hover: { contentFormat: ['markdown'] },
  },
}
const PULL: ClientCapabilities = {
  textDocument: { ...PUSH.textDocument, diagnostic: {}, inlineCompletion: {} },
  workspace: {
    diagnostics: { refreshSupport: true },
    textDocumentContent: {},
    workspaceEdit: { documentChanges: true, changeAnnotationSupport: {} },
  },
  window: { showDocument: { support: true }, workDoneProgress: true },
}

/** What was there before; its second function breaks no norm that Joe has heard of yet. */
const OLD = `export async function loadCart(id: string): Promise<void> {
  try {
    await store.read(id)
  } catch {}
}
`
const NEW = `
export async function saveCart(id: string): Promise<void> {
  try {
    await store.write(id)
  } catch {}
}
`

/** As the golden team does it. */
const HANDLED = `catch (error) {
    throw new Error('It was not written', { cause: error })
  }`

async function setUp(
  t: TestContext,
  { capabilities = PUSH, config = CONFIG }: { capabilities?: ClientCapabilities; config?: object } = {},
) {
  const work = setUpWork(t, config)
  const path = work.write('src/cart.ts', OLD)
  work.git('add', '.')
  work.git('commit', '--quiet', '--message=Load carts')
  const start = () =>
    startEditor(t, { program: [SERVER, work.golden], folder: work.folder, capabilities, env: work.env })
  const editor = await start()
  return { work, editor, path, start }
}

const some = (all: readonly Diagnostic[]) => all.length > 0
const none = (all: readonly Diagnostic[]) => all.length === 0
const errorsOnly = (all: readonly Diagnostic[]) => all.filter(({ code }) => String(code).startsWith('errors/'))

test('a new line that does otherwise gets a question and the golden place; old lines get nothing', async t => {
  const { editor, path } = await setUp(t)
  assert.equal(editor.initialized.serverInfo?.name, 'towpath-mentor')
  const uri = await editor.open(path, OLD)
  assert.deepEqual(await editor.diagnostics(uri, () => true), [], 'of old code nothing is said')

  await editor.type(uri, OLD, OLD + NEW)
  const [hint] = errorsOnly(await editor.diagnostics(uri, some))
  assert.match(String(hint?.message), /\?$/)
  assert.equal(hint?.severity, 3)
  assert.equal(hint?.range.start.line, 9)
  const golden = hint?.relatedInformation?.[0]?.location
  assert.ok(golden)
  // An editor without virtual documents opens a file, which nobody can write to by mistake.
  const file = fileURLToPath(golden.uri)
  assert.equal(statSync(file).mode & 0o222, 0)
  assert.match(readFileSync(file, 'utf8').split('\n')[golden.range.start.line] ?? '', /catch \(error\)/)
  assert.ok(hint?.codeDescription?.href.startsWith(golden.uri))
  const shown: { citation: string } = await editor.heard('towpathMentor/hintShown')
  assert.match(shown.citation, /^team\/\w+@c{12}:src\/[\w-]+\.ts#L\d+-L\d+$/)
})

test('while the syntax is broken nothing new is said, and what was said of the rest stays', async t => {
  const { editor, path } = await setUp(t)
  const uri = await editor.open(path, OLD + NEW)
  const [first] = errorsOnly(await editor.diagnostics(uri, some))
  const added = NEW.replace('saveCart', 'moveCart')
  await editor.type(uri, OLD, `${OLD}const half = (\n`)
  await editor.type(uri, NEW, NEW + added)
  const moved = await editor.diagnostics(uri, all => all[0]?.range.start.line === (first?.range.start.line ?? 0) + 1)
  assert.equal(errorsOnly(moved).length, 1)
  await editor.type(uri, 'const half = (\n', '')
  assert.equal(errorsOnly(await editor.diagnostics(uri, all => errorsOnly(all).length === 2)).length, 2)
})

test('at most three hints a file, and one that is answered makes room for the next', async t => {
  const { editor, path } = await setUp(t)
  const many = Array.from({ length: 5 }, (_, i) => NEW.replace('saveCart', `saveCart${i}`)).join('')
  const uri = await editor.open(path, OLD + many)
  const all = await editor.diagnostics(uri, some)
  assert.equal(all.length, 3)
  const answered = NEW.replace('saveCart', 'saveCart0').replace('catch {}', HANDLED)
  await editor.type(uri, NEW.replace('saveCart', 'saveCart0'), answered)
  const resolved: { norm: string } = await editor.heard('towpathMentor/hintResolved')
  assert.match(resolved.norm, /^errors\//)
  assert.equal(
    (await editor.diagnostics(uri, now => now.length === 3 && now[0]?.range.start.line !== all[0]?.range.start.line))
      .length,
    3,
  )
})

test('an editor that asks is answered and not told; it is asked to ask again when something changes', async t => {
  const { editor, path } = await setUp(t, { capabilities: PULL })
  assert.ok(editor.initialized.capabilities.diagnosticProvider)
  const uri = await editor.open(path, OLD + NEW)
  const [hint] = errorsOnly(await editor.diagnostics(uri, some))
  assert.match(hint?.relatedInformation?.[0]?.location.uri ?? '', /^golden:\/team\//)
  await editor.command('mode', { mode: 'off' })
  await editor.heard('workspace/diagnostic/refresh')
  assert.deepEqual(await editor.diagnostics(uri, none), [])
  assert.ok(!editor.told.some(({ method }) => method === 'textDocument/publishDiagnostics'))
})

test('the learner climbs from the question to the sketch, and none of it changes the code', async t => {
  const { editor, path } = await setUp(t, { capabilities: PULL })
  const uri = await editor.open(path, OLD + NEW)
  const [hint] = errorsOnly(await editor.diagnostics(uri, some))
  assert.ok(hint)
  const actions = async () =>
    (
      await editor.connection.sendRequest<CodeAction[]>('textDocument/codeAction', {
        textDocument: { uri },
        range: hint.range,
        context: { diagnostics: [hint] },
      })
    ).map(({ command }) => command?.command.replace('towpath.mentor.', ''))
  assert.deepEqual(await actions(), ['why', 'mute', 'mute', 'mute'])
  const asked = { uri, hint: hint.data.hint }
  assert.match((await editor.command<{ text: string }>('why', asked)).text, /of \d+ places/)
  assert.deepEqual((await actions()).slice(0, 2), ['why', 'golden'])

  const golden = await editor.command<{ uri: string; text: string }>('golden', asked)
  const shown: { uri: string } = await editor.heard('window/showDocument')
  assert.equal(shown.uri, golden.uri)
  const { text } = await editor.connection.sendRequest<{ text: string }>('workspace/textDocumentContent', {
    uri: golden.uri,
  })
  assert.match(text, /cause: error/)
  // Of an empty catch nobody can say surely what belongs into it.
  assert.deepEqual((await actions()).slice(0, 3), ['why', 'golden', 'mute'])
  await assert.rejects(editor.command('sketch', asked), /can not be said surely/)
  assert.ok(!editor.told.some(({ method }) => method === 'workspace/applyEdit'))
})

test('over a hint the editor shows why and the passage, over a name what is nearest', async t => {
  const { editor, path } = await setUp(t)
  const uri = await editor.open(path, `${OLD}${NEW.replace('saveCart', 'writeOrderCart')}`)
  const [hint] = errorsOnly(await editor.diagnostics(uri, some))
  assert.ok(hint)
  const hover = async (position: object) =>
    (
      await editor.connection.sendRequest<{ contents: { value: string } } | null>('textDocument/hover', {
        textDocument: { uri },
        position,
      })
    )?.contents.value
  assert.match((await hover(hint.range.start)) ?? '', /team\/\w+@c{12}:.*#L\d+-L\d+\n\n```typescript\n/)
  assert.match((await hover({ line: 6, character: 25 })) ?? '', /team\/orders@c{12}:src\/write-order\.ts/)
  assert.equal(await hover({ line: 99_999, character: 99_999 }), undefined)
})

test('muted here, for me and for the team', async t => {
  const { editor, path, work, start } = await setUp(t, { capabilities: PULL })
  const uri = await editor.open(path, OLD + NEW)
  const other = await editor.open(work.file('src/other.ts'), NEW)
  const mute = async (at: string, facts: object, in_ = editor) => {
    const [hint] = errorsOnly(await in_.diagnostics(at, all => errorsOnly(all).length > 0))
    return in_.command<{ norm: string }>('mute', { uri: at, hint: hint?.data.hint, ...facts })
  }
  const { norm } = await mute(uri, { scope: 'file', reason: 'it is a script' })
  await editor.diagnostics(uri, all => errorsOnly(all).length === 0)
  const told: { reason: string; scope: string } = await editor.heard('towpathMentor/hintMuted')
  assert.deepEqual([told.reason, told.scope], ['it is a script', 'file'])

  // The team's mute is an edit that the user may refuse.
  editor.onEdit(() => false)
  await assert.rejects(
    mute(other, { scope: 'team', reason: 'we log them' }),
    /did not change archangel\.json: the user said no/,
  )
  editor.onEdit(() => true)
  await mute(other, { scope: 'team', reason: 'we log them' })
  const edit = (await editor.heard('workspace/applyEdit')) as WorkspaceEdit
  assert.equal(edit.changeAnnotations?.mute?.needsConfirmation, true)
  const [change] = edit.documentChanges ?? []
  assert.ok(change && 'edits' in change && change.edits[0] && 'newText' in change.edits[0])
  const at = change.edits[0].range.start
  const config = readFileSync(work.file('archangel.json'), 'utf8').split('\n')
  const line = config[at.line] ?? ''
  config[at.line] = line.slice(0, at.character) + change.edits[0].newText + line.slice(at.character)
  assert.deepEqual(JSON.parse(config.join('\n')).mute, [{ norm, reason: 'we log them' }])
  // It counts as soon as it stands in the editor, saved or not.
  await editor.open(work.file('archangel.json'), config.join('\n'))
  await editor.diagnostics(other, all => errorsOnly(all).length === 0)
  await editor.stop()

  const again = await start()
  const now = await again.open(work.file('src/other.ts'), NEW)
  await mute(now, { scope: 'me', reason: 'I know it' }, again)
  const third = await again.open(work.file('src/third.ts'), NEW)
  await again.diagnostics(third, all => errorsOnly(all).length === 0)
  const { mutes } = await again.command<{ mutes: { reason: string }[] }>('mutes')
  assert.deepEqual(
    mutes.map(({ reason }) => reason),
    ['I know it', 'it is a script'],
  )
  await again.command('unmute', { norm })
  assert.equal(errorsOnly(await again.diagnostics(third, all => errorsOnly(all).length > 0)).length, 1)
})

test('a habit that was kept for a while is mentioned no more, in the next editor too', async t => {
  const config = { ...CONFIG, hints: { pause: 100, fading: { kept: 2, days: 0 } } }
  const { editor, path, start } = await setUp(t, { config, capabilities: PULL })
  const kept = Array.from({ length: 3 }, (_, i) =>
    NEW.replace('saveCart', `saveCart${i}`).replace('catch {}', HANDLED),
  ).join('')
  const uri = await editor.open(path, OLD + kept)
  await editor.diagnostics(uri, none)
  await editor.save(uri)
  await editor.type(uri, kept, kept + NEW)
  await editor.diagnostics(uri, all => errorsOnly(all).length === 0)
  await editor.stop()
  const next = await start()
  const same = await next.open(path, OLD + NEW)
  assert.deepEqual(errorsOnly(await next.diagnostics(same, () => true)), [])
  await next.save(same)
  await next.type(same, NEW, NEW + NEW.replace('saveCart', 'keepCart'))
  await next.save(same)
  assert.equal(
    errorsOnly(await next.diagnostics(same, all => errorsOnly(all).length > 0)).length,
    2,
    'two lapses later it is back',
  )
})
