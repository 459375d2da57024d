import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import type { Uri } from 'vscode'
import type { BaseLanguageClient, LanguageClientOptions } from 'vscode-languageclient'
import { freshEditor } from './vscode.fixture.ts'

const { createMentor } = await import('./create-mentor.ts')

const root = join(import.meta.dirname, '..')
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))

function create() {
  const told = new Map<string, (facts: object) => void>()
  let options: LanguageClientOptions = {}
  createMentor('/extension' as unknown as Uri, given => {
    options = given
    return { onNotification: (name: string, hear: () => void) => told.set(name, hear) } as unknown as BaseLanguageClient
  })
  return { told, options }
}

test('commands that the mentor names go to it after the user was asked, and the chat is ours', async () => {
  const editor = freshEditor()
  const { options } = create()
  const run = async (command: string, args: unknown[] = []) => {
    const sent: unknown[] = []
    await options.middleware?.executeCommand?.(command, args, async (...all: unknown[]) => sent.push(all))
    return sent
  }
  assert.deepEqual(await run('towpath.mentor.refresh'), [['towpath.mentor.refresh', []]])
  assert.deepEqual(await run('towpath.mentor.wipe'), [])
  assert.deepEqual(await run('towpath.mentor.chat'), [])
  assert.equal(editor.seen.at(-1), 'towpathMentor.chatView.focus []')
})

test('the status bar says how far the index is', () => {
  const editor = freshEditor()
  const { told } = create()
  const [item] = editor.items
  told.get('towpathMentor/indexProgress')?.({ done: 1, total: 3 })
  assert.equal(item?.text, '$(mortar-board) Indexing 33 %')
  told.get('towpathMentor/indexProgress')?.({ done: 3, total: 3 })
  assert.equal(item?.text, '$(mortar-board) Mentor')
})

test('every setting is read, and every file of ours is looked at where the mentor knows the language', () => {
  const sources = readdirSync(join(root, 'src'))
    .filter(name => name.endsWith('.ts') && !name.endsWith('.test.ts'))
    .map(name => readFileSync(join(root, 'src', name), 'utf8'))
    .join('\n')
  for (const setting of Object.keys(manifest.contributes.configuration.properties)) {
    const name = setting.replace('towpath.mentor.', '')
    // The trace is read by the client itself, under the id that we give it.
    if (name !== 'trace.server') assert.ok(sources.includes(`.get('${name}'`), `${setting} is read by nothing`)
  }
  const { options } = create()
  const languages = (options.documentSelector ?? []).flatMap(one =>
    typeof one === 'object' && 'language' in one ? one.language : [],
  )
  const activates = manifest.activationEvents.filter((event: string) => event.startsWith('onLanguage:'))
  assert.deepEqual(languages.map(language => `onLanguage:${language}`).toSorted(), activates.toSorted())
})
