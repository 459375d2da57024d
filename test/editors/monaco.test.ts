import assert from 'node:assert/strict'
import { appendFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import type { Page } from 'playwright-core'
import { until } from '../peers/support/process.ts'
import { assertOutcome } from './support/outcome.ts'
import { transcriptOf } from './support/transcript.ts'
import { openWorkbench } from './support/workbench.ts'
import { CODE, makeWorld } from './support/world.fixture.ts'

// The VS Code extension in VS Code's own code, as monaco brings it to a browser: with a real mentor, by keyboard and mouse.

test('a hint, its steps, a mute, a chat and a review in VS Code’s workbench', async t => {
  const world = await makeWorld(t)
  const { page, close } = await openWorkbench(world, ['archangel.json', 'src/quay.ts'])
  t.after(close)
  const transcript = transcriptOf(t)
  const { say, at } = transcript
  const file = `vscode.Uri.file(${JSON.stringify(`${world.project}/src/quay.ts`)})`
  const hints = `vscode.languages.getDiagnostics(${file})`

  await page.evaluate(`vscode.window.showTextDocument(${file}).then(() => undefined)`)
  await page.locator('.view-line').first().click()
  await page.keyboard.press('Control+End')
  await page.keyboard.insertText(CODE)
  await page.waitForFunction(`${hints}.length > 0`)
  say(
    'hint',
    await page.evaluate(`${hints}.map(({ message, source, code }) => ({ message, source, code: code.value }))`),
  )

  await step(page, 'Why')
  say('why', await page.locator('.notification-list-item-message').first().textContent())

  await step(page, 'golden')
  await page.waitForFunction(`vscode.window.activeTextEditor?.document.uri.scheme === 'golden'`)
  say('golden', await shown(page))
  await page.locator('.tab.active').click()
  await page.keyboard.type('mine')
  say('golden typed into', await shown(page))

  await page.locator('.tab', { hasText: 'quay.ts' }).click()
  await step(page, 'for me')
  const reason = page.locator('.quick-input-widget input').first()
  say('mute proposes', await reason.inputValue())
  await reason.fill('The caller knows')
  await page.keyboard.press('Enter')
  await page.waitForFunction(`${hints}.length === 0`)
  say('muted', true)

  await palette(page, 'Chat')
  const chat = page.frameLocator('iframe.webview').frameLocator('#active-frame')
  await chat.getByLabel('Question to the mentor').fill('How do we treat errors?')
  await page.keyboard.press('Enter')
  const source = chat.getByRole('button', { name: /^Source 1: / }).first()
  await source.waitFor()
  say('chat', await chat.locator('article').textContent())
  await source.click()
  await page.waitForFunction(`vscode.window.activeTextEditor?.document.uri.scheme === 'golden'`)
  say('citation', await shown(page))

  // The page's files are its own: this is what saving would have done.
  await appendFile(join(world.project, 'src/quay.ts'), CODE)
  await palette(page, 'Review My Changes')
  await page.waitForFunction(`vscode.window.activeTextEditor?.document.uri.path.endsWith('/review.md')`)
  say('review', await page.evaluate('vscode.window.activeTextEditor.document.getText()'))
  assertOutcome(world, transcript)

  const asks = 'Could the error that was caught travel along as `cause`?'
  assert.deepEqual(at('hint'), [{ source: 'towpath-mentor', code: 'errors/cause-kept', message: asks }])
  assert.match(String(at('why')), /40 of 40 places/)
  const golden = at('golden') as Awaited<ReturnType<typeof shown>>
  assert.match(golden.text, /throw new Error\(.*\{ cause: error \}\)/)
  assert.deepEqual(at('golden typed into'), golden)
  assert.equal(at('mute proposes'), 'I know it')
})

/** Picks a step of the hint, or a mute, as a quick fix. */
async function step(page: Page, title: string): Promise<void> {
  await page.locator('.view-line', { hasText: 'throw new Error' }).locator('span', { hasText: 'Error' }).last().click()
  const pick = async () => {
    // The menu closes where the editor has just looked for fixes by itself.
    await page.keyboard.press('Control+.')
    await page.locator('.action-widget').getByText(title).click({ timeout: 2_000 })
    return true
  }
  await until(`a quick fix "${title}"`, pick, { timeoutMs: 60_000 })
}

async function palette(page: Page, command: string): Promise<void> {
  await page.keyboard.press('F1')
  await page.locator('.quick-input-widget input').first().fill(`>Mentor: ${command}`)
  await page.locator('.quick-input-list').getByText(`Mentor: ${command}`).click()
}

/** The active editor: its document and the line of its cursor. */
function shown(page: Page): Promise<{ uri: string; line: number; text: string; changed: boolean }> {
  return page.evaluate(`(() => {
    const { document, selection } = vscode.window.activeTextEditor
    const { line } = selection.start
    return { uri: document.uri.toString(), line: line + 1, text: document.lineAt(line).text, changed: document.isDirty }
  })()`)
}
