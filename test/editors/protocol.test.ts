import assert from 'node:assert/strict'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { pathToFileURL } from 'node:url'
import type { CodeAction, Diagnostic, DocumentDiagnosticReport } from 'vscode-languageserver/node'
import { openClient } from './support/client.ts'
import { assertOutcome } from './support/outcome.ts'
import { transcriptOf } from './support/transcript.ts'
import { CODE, makeWorld } from './support/world.fixture.ts'

// The protocol's own client with all that LSP 3.18 has for it: it asks for diagnostics, and for `golden:` documents.

test('a hint, its steps, a mute, a chat and a review over the protocol', async t => {
  const world = await makeWorld(t)
  const transcript = transcriptOf(t)
  const { say, at } = transcript
  const client = await openClient(world, {
    textDocument: { diagnostic: { relatedInformation: true }, publishDiagnostics: {} },
    workspace: { textDocumentContent: {} },
    window: { showDocument: { support: true } },
  })
  const { connection, execute } = client
  connection.onRequest('window/showDocument', shown => {
    say('shown', shown)
    return { success: true }
  })
  connection.onNotification('towpathMentor/hintMuted', told => say('told of the mute', told))

  const path = join(world.project, 'src/quay.ts')
  const uri = pathToFileURL(path).href
  const text = (await readFile(path, 'utf8')) + CODE
  await connection.sendNotification('textDocument/didOpen', {
    textDocument: { uri, languageId: 'typescript', version: 1, text },
  })
  const hints = async () => {
    const report = await connection.sendRequest<DocumentDiagnosticReport>('textDocument/diagnostic', {
      textDocument: { uri },
    })
    assert.equal(report.kind, 'full')
    return report.kind === 'full' ? report.items : []
  }
  const steps = async (hint: Diagnostic) => {
    const context = { diagnostics: [hint] }
    const actions = await connection.sendRequest<CodeAction[]>('textDocument/codeAction', {
      textDocument: { uri },
      range: hint.range,
      context,
    })
    return actions.map(({ command }) => ({
      name: command?.command.replace('towpath.mentor.', '') ?? '',
      argument: command?.arguments?.[0],
    }))
  }
  const [hint, ...more] = await hints()
  assert.ok(hint)
  assert.deepEqual([more, hint.source, hint.code], [[], 'towpath-mentor', 'errors/cause-kept'])

  const [why] = await steps(hint)
  assert.equal(why?.name, 'why')
  const { text: reason } = (await execute('why', why?.argument)) as { text: string }
  assert.match(reason, /40 of 40 places/)
  const golden = (await steps(hint)).find(({ name }) => name === 'golden')
  const place = (await execute('golden', golden?.argument)) as { uri: string; range: { start: { line: number } } }
  assert.deepEqual(at('shown'), { uri: place.uri, selection: place.range, takeFocus: false })
  const content = await connection.sendRequest<{ text: string }>('workspace/textDocumentContent', { uri: place.uri })
  assert.match(content.text.split('\n')[place.range.start.line] ?? '', /throw new Error\(.*\{ cause: error \}\)/)

  const mute = (await steps(hint)).find(({ name, argument }) => name === 'mute' && argument.scope === 'me')
  await execute('mute', { ...mute?.argument, reason: 'The caller knows' })
  assert.deepEqual(await hints(), [])
  assert.equal((at('told of the mute') as { reason: string }).reason, 'The caller knows')

  let heard = ''
  connection.onNotification('towpathMentor/chatDelta', ({ text: more }: { text: string }) => {
    heard += more
  })
  type Citation = { number: number; citation: string; uri: string; range: { start: { line: number } } }
  const answer = await connection.sendRequest<{ text: string; citations: Citation[] }>('towpathMentor/chat', {
    question: 'How do we treat errors?',
  })
  const [cited] = answer.citations
  assert.equal(heard, answer.text)
  say('chat', `${answer.text}\n[${cited?.number}] ${cited?.citation}`)
  const source = await connection.sendRequest<{ text: string }>('workspace/textDocumentContent', { uri: cited?.uri })
  say('citation', { text: source.text.split('\n')[cited?.range.start.line ?? -1] })
  await writeFile(path, text)
  say('review', ((await execute('review')) as { markdown: string }).markdown)
  assertOutcome(world, transcript)
  await client.close()
})
