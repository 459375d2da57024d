import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CommanderError } from 'commander'
import { ociCommand } from './index.ts'

/** Runs a command line as far as its words are read. */
async function typed(...words: string[]) {
  let shown = ''
  const root = ociCommand()
  for (const command of [root, ...root.commands]) {
    const writeOut = (text: string) => {
      shown += text
    }
    command.exitOverride().configureOutput({ writeOut, writeErr: writeOut })
  }
  try {
    await root.parseAsync(words, { from: 'user' })
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    return { shown, code: error.code }
  }
  return { shown, code: undefined }
}

test('help begins with examples', async () => {
  for (const name of ['push', 'pull', 'copy', 'ls', 'inspect']) {
    const { shown, code } = await typed(name, '--help')
    assert.match(shown, new RegExp(`^Examples:\\n  towpath oci ${name} `))
    assert.equal(code, 'commander.helpDisplayed')
  }
})

test('what makes no sense is refused before anything is done', async () => {
  assert.match((await typed('push', 'only')).shown, /give a path and a reference/)
  assert.equal((await typed('ls', 'x', '--output', 'xml')).code, 'commander.invalidArgument')
  assert.equal((await typed('copy', 'a')).code, 'commander.missingArgument')
  assert.equal((await typed('pull', 'x', '--concurrency', '0')).code, 'commander.invalidArgument')
  assert.match((await typed('pul')).shown, /Did you mean pull\?/)
})
