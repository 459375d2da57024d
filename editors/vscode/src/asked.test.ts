import assert from 'node:assert/strict'
import { test } from 'node:test'
import { freshEditor } from './vscode.fixture.ts'

const { asked } = await import('./asked.ts')

test('wiping asks first', async () => {
  const editor = freshEditor()
  assert.equal(await asked('towpath.mentor.wipe', []), undefined)
  editor.answers.push('Wipe')
  assert.deepEqual(await asked('towpath.mentor.wipe', []), [])
  assert.equal(editor.seen.length, 2)
})

test('a mute asks why, and begins with what the mentor proposes', async () => {
  const editor = freshEditor()
  const proposed = { uri: 'file:///a.ts', hint: 'h1', scope: 'team', reason: 'we dispute it' }
  editor.answers.push(' Generated code ')
  assert.deepEqual(await asked('towpath.mentor.mute', [proposed]), [{ ...proposed, reason: 'Generated code' }])
  assert.deepEqual(editor.seen, ['input: we dispute it'])
  assert.equal(await asked('towpath.mentor.mute', [proposed]), undefined)
  editor.answers.push('  ')
  await assert.rejects(asked('towpath.mentor.mute', [proposed]), /Say why/)
})

test('a mode is picked, where the caller names none', async () => {
  const editor = freshEditor()
  editor.answers.push('pairing')
  assert.deepEqual(await asked('towpath.mentor.mode', []), [{ mode: 'pairing' }])
  assert.equal(await asked('towpath.mentor.mode', []), undefined)
  assert.deepEqual(await asked('towpath.mentor.mode', [{ mode: 'off' }]), [{ mode: 'off' }])
  assert.deepEqual(editor.seen, ['pick: learning,pairing,off', 'pick: learning,pairing,off'])
})

test('other commands go to the mentor as they are', async () => {
  const editor = freshEditor()
  assert.deepEqual(await asked('towpath.mentor.why', [{ hint: 'h1' }]), [{ hint: 'h1' }])
  assert.deepEqual(editor.seen, [])
})
